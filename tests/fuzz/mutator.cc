// Changes inputs that are protobuf messages field by field: bytes that are changed at random are
// hardly ever a message still.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "tests/fuzz/target.h"

// libFuzzer's own way, for whoever has a better one for part of the inputs.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace assent::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kDepthMax = 8;
constexpr std::size_t kTextGrowthMax = 64;
constexpr std::int64_t kSecondUs = 1'000'000;

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  void Change(Message& message, int depth) {
    const auto& descriptor = *message.GetDescriptor();
    if (descriptor.field_count() == 0 || depth > kDepthMax) return;
    // Rather a field that is there: of a oneof the one that is set.
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> there;
    reflection.ListFields(message, &there);
    const bool known = !there.empty() && !OneIn(4);
    const FieldDescriptor* field =
        known ? there[Below(there.size())]
              : descriptor.field(
                    static_cast<int>(Below(static_cast<std::size_t>(descriptor.field_count()))));
    if (OneIn(10)) return reflection.ClearField(&message, field);
    if (field->is_repeated()) return ChangeRepeated(message, *field, depth);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Change(*reflection.MutableMessage(&message, field), depth + 1);
      return;
    }
    Set(message, *field);
  }

  bool OneIn(std::size_t n) { return Below(n) == 0; }

 private:
  std::size_t Below(std::size_t n) { return random_() % n; }

  void ChangeRepeated(Message& message, const FieldDescriptor& field, int depth) {
    const Reflection& reflection = *message.GetReflection();
    const int size = reflection.FieldSize(message, &field);
    const auto any = [&] { return static_cast<int>(Below(static_cast<std::size_t>(size))); };
    if (size > 1 && OneIn(4)) return reflection.SwapElements(&message, &field, any(), any());
    if (size > 0 && OneIn(4)) return reflection.RemoveLast(&message, &field);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const bool grows = size == 0 || OneIn(4);
      // A copy of one that is there, so that two are the same.
      if (grows && size > 0) {
        const std::unique_ptr<Message> copy(
            reflection.GetRepeatedMessage(message, &field, any()).New());
        copy->CopyFrom(reflection.GetRepeatedMessage(message, &field, any()));
        reflection.AddMessage(&message, &field)->CopyFrom(*copy);
        return;
      }
      Change(grows ? *reflection.AddMessage(&message, &field)
                   : *reflection.MutableRepeatedMessage(&message, &field, any()),
             depth + 1);
      return;
    }
    Add(message, field, size > 0 ? any() : -1);
  }

  std::int64_t Number(std::int64_t now) {
    constexpr std::array<std::int64_t, 8> kSpecial{0,
                                                   1,
                                                   -1,
                                                   std::numeric_limits<std::int32_t>::max(),
                                                   std::numeric_limits<std::int32_t>::min(),
                                                   std::numeric_limits<std::uint32_t>::max(),
                                                   std::numeric_limits<std::int64_t>::max(),
                                                   std::numeric_limits<std::int64_t>::min()};
    constexpr std::array<std::int64_t, 6> kSteps{
        1, -1, kSecondUs, -3'600 * kSecondUs, 24 * 3'600 * kSecondUs, 365 * 24 * 3'600 * kSecondUs};
    switch (Below(4)) {
      case 0:
        return kSpecial[Below(kSpecial.size())];
      case 1:
        return static_cast<std::int64_t>(Below(16));
      default:
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(now) +
                                         static_cast<std::uint64_t>(kSteps[Below(kSteps.size())]));
    }
  }

  std::string Text(std::string now) {
    const std::size_t size = now.size();
    now.resize(size + kTextGrowthMax);
    now.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(now.data()), size, now.size()));
    return now;
  }

  void Set(Message& message, const FieldDescriptor& field) {
    const Reflection& r = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return r.SetString(&message, &field, Text(r.GetString(message, &field)));
      case FieldDescriptor::CPPTYPE_ENUM:
        return r.SetEnumValue(&message, &field, EnumNumber(field));
      case FieldDescriptor::CPPTYPE_BOOL:
        return r.SetBool(&message, &field, !r.GetBool(message, &field));
      case FieldDescriptor::CPPTYPE_INT32:
        return r.SetInt32(&message, &field,
                          static_cast<std::int32_t>(Number(r.GetInt32(message, &field))));
      case FieldDescriptor::CPPTYPE_UINT32:
        return r.SetUInt32(&message, &field,
                           static_cast<std::uint32_t>(Number(r.GetUInt32(message, &field))));
      case FieldDescriptor::CPPTYPE_INT64:
        return r.SetInt64(&message, &field, Number(r.GetInt64(message, &field)));
      case FieldDescriptor::CPPTYPE_UINT64:
        return r.SetUInt64(&message, &field,
                           static_cast<std::uint64_t>(
                               Number(static_cast<std::int64_t>(r.GetUInt64(message, &field)))));
      default:
        return;
    }
  }

  // Adds an item: like the one at `like`, changed or as it is; a new one when there is none.
  void Add(Message& message, const FieldDescriptor& field, int like) {
    const Reflection& r = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string text = like < 0 ? "" : r.GetRepeatedString(message, &field, like);
        if (!OneIn(4)) text = Text(std::move(text));
        return r.AddString(&message, &field, text);
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        return r.AddEnumValue(&message, &field, EnumNumber(field));
      case FieldDescriptor::CPPTYPE_UINT32:
        return r.AddUInt32(&message, &field, static_cast<std::uint32_t>(Number(0)));
      case FieldDescriptor::CPPTYPE_UINT64:
        return r.AddUInt64(&message, &field, static_cast<std::uint64_t>(Number(0)));
      default:
        return;
    }
  }

  // One of its values, or one that it has not.
  int EnumNumber(const FieldDescriptor& field) {
    const auto& type = *field.enum_type();
    return type.value(static_cast<int>(Below(static_cast<std::size_t>(type.value_count()))))
               ->number() +
           (OneIn(10) ? 100 : 0);
  }

  std::mt19937 random_;
};

// The new size, or nothing when the input is no such message or would not fit.
std::size_t ChangeMessage(std::uint8_t* data, std::size_t size, std::size_t max_size,
                          Mutator& mutator) {
  const std::size_t before = Chosen().bytes_before;
  if (size < before) return 0;
  const std::unique_ptr<Message> message(Chosen().message()->New());
  if (!message->ParseFromArray(data + before, static_cast<int>(size - before))) return 0;
  mutator.Change(*message, 0);
  const std::string bytes = message->SerializePartialAsString();
  if (before + bytes.size() > max_size) return 0;
  std::copy(bytes.begin(), bytes.end(), data + before);
  return before + bytes.size();
}

}  // namespace
}  // namespace assent::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  using namespace assent::fuzz;  // NOLINT: a function of C
  Mutator mutator(seed);
  if (Chosen().message != nullptr && !mutator.OneIn(4)) {
    if (const std::size_t changed = ChangeMessage(data, size, max_size, mutator)) return changed;
  }
  return LLVMFuzzerMutate(data, size, max_size);
}
