#include "client/token_key.h"

#include <p11-kit/uri.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/token_session.h"
#include "client/token_uri.h"
#include "ledger/crypto/keys.h"
#include "ledger/types.h"

namespace assent::client {
namespace {

// id-Ed25519 of RFC 8410 as DER, which names the curve in CKA_EC_PARAMS (PKCS#11 3.0, 2.3.5).
constexpr std::string_view kEd25519Params("\x06\x03\x2b\x65\x70", 5);
// What precedes the 32 bytes in CKA_EC_POINT: a DER OCTET STRING, as most tokens write it, or BIT
// STRING; or nothing, as PKCS#11 3.0 has it.
constexpr std::string_view kPointPrefixes[] = {std::string_view("\x04\x20", 2),
                                               std::string_view("\x03\x21\x00", 3), ""};
constexpr std::size_t kPointBytesMax = 256;
constexpr std::size_t kKeyIdBytes = 16;

constexpr CK_BBOOL kYes = CK_TRUE;
constexpr CK_BBOOL kNo = CK_FALSE;

// For templates, which modules only read, so that they may hold what is constant; and for values to
// be filled in. `value` must outlive it.
CK_ATTRIBUTE AttributeOf(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return {type, const_cast<char*>(value.data()), value.size()};
}
CK_ATTRIBUTE AttributeOf(CK_ATTRIBUTE_TYPE type, const CK_ULONG& value) {
  return {type, const_cast<CK_ULONG*>(&value), sizeof value};
}
CK_ATTRIBUTE AttributeOf(CK_ATTRIBUTE_TYPE type, const CK_BBOOL& value) {
  return {type, const_cast<CK_BBOOL*>(&value), sizeof value};
}

std::string_view WordFor(CK_OBJECT_CLASS object_class) {
  return object_class == CKO_PRIVATE_KEY ? "private key" : "public key";
}

// The URI as it is told to people: all that it can hold is fit to be seen.
std::string Where(const TokenSession& session, const std::string& uri) {
  return absl::StrCat(uri, " in token ", session.name());
}

// Keys of this class that match the label and id in the URI; at most two, which is one too many.
absl::StatusOr<std::vector<CK_OBJECT_HANDLE>> FindKeys(const TokenSession& session,
                                                       const TokenUri& uri,
                                                       CK_OBJECT_CLASS object_class) {
  std::vector<CK_ATTRIBUTE> wanted = {AttributeOf(CKA_CLASS, object_class),
                                      AttributeOf(CKA_TOKEN, kYes)};
  for (const CK_ATTRIBUTE_TYPE type : {CKA_LABEL, CKA_ID}) {
    const CK_ATTRIBUTE* given = p11_kit_uri_get_attribute(uri.get(), type);
    if (given != nullptr) wanted.push_back(*given);
  }
  const CK_FUNCTION_LIST& calls = session.calls();
  CK_RV rv = calls.C_FindObjectsInit(session.handle(), wanted.data(), wanted.size());
  if (rv != CKR_OK) return session.Fault(rv, "looking for the key");
  std::vector<CK_OBJECT_HANDLE> found(2);
  CK_ULONG count = 0;
  rv = calls.C_FindObjects(session.handle(), found.data(), found.size(), &count);
  calls.C_FindObjectsFinal(session.handle());
  if (rv != CKR_OK) return session.Fault(rv, "looking for the key");
  found.resize(std::min<std::size_t>(count, found.size()));
  return found;
}

absl::Status CheckKeyType(const TokenSession& session, CK_OBJECT_HANDLE key,
                          const std::string& where) {
  CK_KEY_TYPE type = CK_UNAVAILABLE_INFORMATION;
  CK_ATTRIBUTE attribute = AttributeOf(CKA_KEY_TYPE, type);
  const CK_RV rv = session.calls().C_GetAttributeValue(session.handle(), key, &attribute, 1);
  if (rv != CKR_OK) return session.Fault(rv, "reading the type of the key");
  if (type == CKK_EC_EDWARDS) return absl::OkStatus();
  const std::string name = type == CKK_RSA  ? "an RSA key"
                           : type == CKK_EC ? "a key of a NIST curve or the like"
                                            : absl::StrCat("of PKCS#11 type 0x", absl::Hex(type));
  return absl::FailedPreconditionError(
      absl::StrCat(where, " is ", name, ": an Ed25519 key is needed"));
}

// The only key of this class that the URI names, of the right type.
absl::StatusOr<CK_OBJECT_HANDLE> FindKey(const TokenSession& session, const TokenUri& uri,
                                         const std::string& where, CK_OBJECT_CLASS object_class) {
  const auto found = FindKeys(session, uri, object_class);
  if (!found.ok()) return found.status();
  if (found->empty()) {
    return absl::NotFoundError(
        absl::StrCat("there is no ", AbslView(WordFor(object_class)), " ", where,
                     ": check object and id, or make it (keygen authority)"));
  }
  if (found->size() > 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("there are several such keys: ", where, ": name one by both object and id"));
  }
  if (auto status = CheckKeyType(session, found->front(), where); !status.ok()) return status;
  return found->front();
}

absl::StatusOr<PublicKey> ReadPublicKey(const TokenSession& session, CK_OBJECT_HANDLE key,
                                        const std::string& where) {
  std::array<char, kPointBytesMax> buffer{};
  CK_ATTRIBUTE attribute{CKA_EC_POINT, buffer.data(), buffer.size()};
  const CK_RV rv = session.calls().C_GetAttributeValue(session.handle(), key, &attribute, 1);
  if (rv != CKR_OK) return session.Fault(rv, "reading the public key");
  const std::string_view point(buffer.data(), std::min(buffer.size(), attribute.ulValueLen));
  for (const std::string_view prefix : kPointPrefixes) {
    if (point.size() != prefix.size() + PublicKey::kSize || !point.starts_with(prefix)) continue;
    return *PublicKey::From(point.substr(prefix.size()));
  }
  return absl::FailedPreconditionError(
      absl::StrCat(where, " is a key of another curve, or its point is in no known form (",
                   point.size(), " bytes): an Ed25519 key is needed"));
}

absl::StatusOr<PublicKey> FindPublicKey(const TokenSession& session, const TokenUri& uri,
                                        const std::string& where) {
  const auto key = FindKey(session, uri, where, CKO_PUBLIC_KEY);
  if (!key.ok()) return key.status();
  return ReadPublicKey(session, *key, where);
}

class TokenSigner final : public Signer {
 public:
  TokenSigner(std::unique_ptr<TokenSession> session, std::string pin_file, CK_OBJECT_HANDLE key,
              const PublicKey& public_key)
      : session_(std::move(session)),
        pin_file_(std::move(pin_file)),
        key_(key),
        public_key_(public_key),
        pin_each_time_(WantsPinEachTime()) {}

  const PublicKey& public_key() const override { return public_key_; }

  absl::StatusOr<Signature> Sign(std::string_view tag, std::string_view statement) override {
    std::string message(tag);
    message.push_back('\0');
    message.append(statement);
    CK_MECHANISM pure_ed25519{CKM_EDDSA, nullptr, 0};
    const CK_FUNCTION_LIST& calls = session_->calls();
    CK_RV rv = calls.C_SignInit(session_->handle(), &pure_ed25519, key_);
    if (rv != CKR_OK) return session_->Fault(rv, "signing");
    if (pin_each_time_) {
      if (auto status = session_->LogInForOneUse(pin_file_); !status.ok()) return status;
    }
    std::array<char, Signature::kSize> bytes{};
    CK_ULONG size = bytes.size();
    rv = calls.C_Sign(session_->handle(), reinterpret_cast<unsigned char*>(message.data()),
                      message.size(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    if (rv != CKR_OK) return session_->Fault(rv, "signing");
    const auto signature = Signature::From({bytes.data(), std::min(bytes.size(), size)});
    if (!signature || !Verify(public_key_, tag, statement, *signature)) {
      return absl::DataLossError(absl::StrCat(
          "what token ", session_->name(), " has signed is not good under the public key in it, ",
          public_key_.hex(), ": it was not used; the two halves may not belong together"));
    }
    return *signature;
  }

 private:
  // Old tokens do not know the question.
  bool WantsPinEachTime() const {
    CK_BBOOL wants = CK_FALSE;
    CK_ATTRIBUTE attribute = AttributeOf(CKA_ALWAYS_AUTHENTICATE, wants);
    const CK_RV rv = session_->calls().C_GetAttributeValue(session_->handle(), key_, &attribute, 1);
    return rv == CKR_OK && wants == CK_TRUE;
  }

  const std::unique_ptr<TokenSession> session_;
  const std::string pin_file_;
  const CK_OBJECT_HANDLE key_;
  const PublicKey public_key_;
  const bool pin_each_time_;
};

// What the three functions of this file begin with.
struct Opened {
  TokenUri uri;
  std::string pin_file;
  std::unique_ptr<TokenSession> session;
  std::string where;
};

absl::StatusOr<Opened> Open(const std::string& text, const std::string& pin_file,
                            TokenSession::Access access) {
  auto uri = TokenUri::Parse(text);
  if (!uri.ok()) return uri.status();
  auto session = TokenSession::Open(*uri, access);
  if (!session.ok()) return session.status();
  const std::string& named = uri->pin_file();
  std::string chosen = named.empty() ? pin_file : named;
  std::string where = Where(**session, text);
  return Opened{*std::move(uri), std::move(chosen), *std::move(session), std::move(where)};
}

absl::Status CheckNoSuchKey(const Opened& opened) {
  for (const CK_OBJECT_CLASS object_class : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    const auto found = FindKeys(*opened.session, opened.uri, object_class);
    if (!found.ok()) return found.status();
    if (!found->empty()) {
      return absl::AlreadyExistsError(
          absl::StrCat("there is a ", AbslView(WordFor(object_class)), " ", opened.where,
                       " already: no key was made; use another object"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Signer>> OpenTokenKey(const std::string& uri,
                                                     const std::string& pin_file) {
  auto opened = Open(uri, pin_file, TokenSession::Access::kRead);
  if (!opened.ok()) return opened.status();
  if (auto status = opened->session->LogIn(opened->pin_file); !status.ok()) return status;
  const auto key = FindKey(*opened->session, opened->uri, opened->where, CKO_PRIVATE_KEY);
  if (!key.ok()) return key.status();
  const auto public_key = FindPublicKey(*opened->session, opened->uri, opened->where);
  if (!public_key.ok()) return public_key.status();
  return std::make_unique<TokenSigner>(std::move(opened->session), std::move(opened->pin_file),
                                       *key, *public_key);
}

absl::StatusOr<PublicKey> TokenPublicKey(const std::string& uri, const std::string& pin_file) {
  const auto opened = Open(uri, pin_file, TokenSession::Access::kRead);
  if (!opened.ok()) return opened.status();
  auto key = FindPublicKey(*opened->session, opened->uri, opened->where);
  if (key.ok() || !absl::IsNotFound(key.status())) return key;
  if (auto status = opened->session->LogIn(opened->pin_file); !status.ok()) return status;
  return FindPublicKey(*opened->session, opened->uri, opened->where);
}

absl::StatusOr<PublicKey> MakeTokenKey(const std::string& uri, const std::string& pin_file) {
  const auto opened = Open(uri, pin_file, TokenSession::Access::kWrite);
  if (!opened.ok()) return opened.status();
  const CK_ATTRIBUTE* label = p11_kit_uri_get_attribute(opened->uri.get(), CKA_LABEL);
  if (label == nullptr) {
    return absl::InvalidArgumentError("the URI must name the new key: object is needed");
  }
  TokenSession& session = *opened->session;
  if (auto status = session.LogIn(opened->pin_file); !status.ok()) return status;
  if (auto status = CheckNoSuchKey(*opened); !status.ok()) return status;

  const SecretSeed random = SecretSeed::Random();
  const CK_ATTRIBUTE* wanted_id = p11_kit_uri_get_attribute(opened->uri.get(), CKA_ID);
  const CK_ATTRIBUTE id =
      wanted_id != nullptr ? *wanted_id : AttributeOf(CKA_ID, random.view().substr(0, kKeyIdBytes));
  CK_KEY_TYPE type = CKK_EC_EDWARDS;
  std::vector<CK_ATTRIBUTE> public_half = {AttributeOf(CKA_KEY_TYPE, type),
                                           AttributeOf(CKA_EC_PARAMS, kEd25519Params),
                                           AttributeOf(CKA_TOKEN, kYes),
                                           AttributeOf(CKA_PRIVATE, kNo),
                                           AttributeOf(CKA_VERIFY, kYes),
                                           *label,
                                           id};
  std::vector<CK_ATTRIBUTE> private_half = {AttributeOf(CKA_KEY_TYPE, type),
                                            AttributeOf(CKA_TOKEN, kYes),
                                            AttributeOf(CKA_PRIVATE, kYes),
                                            AttributeOf(CKA_SENSITIVE, kYes),
                                            AttributeOf(CKA_EXTRACTABLE, kNo),
                                            AttributeOf(CKA_SIGN, kYes),
                                            *label,
                                            id};
  CK_MECHANISM mechanism{CKM_EC_EDWARDS_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE public_handle = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_handle = CK_INVALID_HANDLE;
  const CK_RV rv = session.calls().C_GenerateKeyPair(
      session.handle(), &mechanism, public_half.data(), public_half.size(), private_half.data(),
      private_half.size(), &public_handle, &private_handle);
  if (rv != CKR_OK) return session.Fault(rv, "making the key");
  return ReadPublicKey(session, public_handle, opened->where);
}

}  // namespace assent::client
