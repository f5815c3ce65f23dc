#include "client/token_uri.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include <algorithm>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/check.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

constexpr std::string_view kScheme = P11_KIT_URI_SCHEME ":";
constexpr char kExample[] = "pkcs11:token=FRA;object=authority";

absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("the URI of a token's key ", AbslView(what), "; such as ", kExample));
}

std::string TextOrEmpty(const char* text) { return text == nullptr ? "" : text; }

// The path that pin-source means: a path, or a file URI without a host (RFC 7512, 2.4).
absl::StatusOr<std::string> PinFile(std::string source) {
  for (const std::string_view scheme : {"file://", "file:"}) {
    if (!source.starts_with(scheme)) continue;
    source.erase(0, scheme.size());
    break;
  }
  if (source.empty() || source.front() == '/') return source;
  return Wrong("has a pin-source that is no file: give /the/path/of/a/file");
}

// Keys are looked for as private and public keys, whichever of them "type" names.
absl::Status TakeType(P11KitUri* uri) {
  const CK_ATTRIBUTE* type = p11_kit_uri_get_attribute(uri, CKA_CLASS);
  if (type == nullptr) return absl::OkStatus();
  CK_OBJECT_CLASS object_class = 0;
  ASSENT_CHECK(type->ulValueLen == sizeof object_class);
  std::memcpy(&object_class, type->pValue, sizeof object_class);
  if (object_class != CKO_PRIVATE_KEY && object_class != CKO_PUBLIC_KEY) {
    return Wrong("has a type that is neither private nor public");
  }
  p11_kit_uri_clear_attribute(uri, CKA_CLASS);
  return absl::OkStatus();
}

}  // namespace

void TokenUri::Free::operator()(p11_kit_uri* uri) const { p11_kit_uri_free(uri); }

bool TokenUri::Is(std::string_view text) {
  return absl::StartsWithIgnoreCase(AbslView(text), AbslView(kScheme));
}

absl::StatusOr<TokenUri> TokenUri::Parse(const std::string& text) {
  if (text.size() > kTokenUriBytesMax) {
    return Wrong(absl::StrCat("has more than ", kTokenUriBytesMax, " bytes"));
  }
  // What parses it reads over white space, and stops at a zero byte.
  if (std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7F; })) {
    return Wrong("has white space or a control character: a space in a name is written %20");
  }
  TokenUri result;
  result.uri_.reset(p11_kit_uri_new());
  ASSENT_CHECK(result.uri_ != nullptr);
  P11KitUri* uri = result.get();
  const int parsed = p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, uri);
  if (parsed != P11_KIT_URI_OK) {
    return Wrong(absl::StrCat("cannot be read: ", p11_kit_uri_message(parsed)));
  }
  if (p11_kit_uri_get_pin_value(uri) != nullptr) {
    return Wrong(
        "holds a PIN, which others see on a command line or in a configuration file: change that "
        "PIN, and use pin-source, or let it be asked");
  }
  if (p11_kit_uri_any_unrecognized(uri) != 0) return Wrong("has attributes that are not known");
  if (p11_kit_uri_get_module_name(uri) != nullptr) {
    return Wrong("has a module-name: use module-path, or leave it out");
  }
  if (auto status = TakeType(uri); !status.ok()) return status;
  if (p11_kit_uri_get_attribute(uri, CKA_LABEL) == nullptr &&
      p11_kit_uri_get_attribute(uri, CKA_ID) == nullptr) {
    return Wrong("names no key: object or id is needed");
  }
  auto pin_file = PinFile(TextOrEmpty(p11_kit_uri_get_pin_source(uri)));
  if (!pin_file.ok()) return pin_file.status();
  result.pin_file_ = *std::move(pin_file);
  result.module_path_ = TextOrEmpty(p11_kit_uri_get_module_path(uri));
  return result;
}

}  // namespace assent::client
