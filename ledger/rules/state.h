// The state that the rules work on: ordered keys and values behind an interface, so that a block
// can be tried on an overlay and thrown away.
#ifndef ASSENT_LEDGER_RULES_STATE_H_
#define ASSENT_LEDGER_RULES_STATE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "ledger/block/digests.h"

namespace assent {

// Read access. An implementation on disk stops the process when it cannot read: the rules never see
// half a state.
class StateView {
 public:
  virtual ~StateView() = default;
  virtual std::optional<std::string> Get(std::string_view key) const = 0;
  // Calls `visit` for the keys that begin with `prefix` and are not before `from`, in order, until
  // it returns false.
  using Visitor = absl::FunctionRef<bool(std::string_view key, std::string_view value)>;
  virtual void Scan(std::string_view prefix, std::string_view from, Visitor visit) const = 0;
};

// Changes on top of another view, which must outlive it. One thread.
class StateOverlay : public StateView {
 public:
  explicit StateOverlay(const StateView* base) : base_(base) {}
  std::optional<std::string> Get(std::string_view key) const override;
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override;
  void Put(std::string_view key, std::string value);
  void Remove(std::string_view key);
  const StateWrites& writes() const { return writes_; }
  StateWrites TakeWrites() { return std::move(writes_); }

 private:
  const StateView* base_;
  StateWrites writes_;
};

// Fixed writes on top of another view: a block that is not committed yet. Both must outlive it.
class WritesView : public StateView {
 public:
  WritesView(const StateView* base, const StateWrites* writes) : base_(base), writes_(writes) {}
  std::optional<std::string> Get(std::string_view key) const override;
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override;

 private:
  const StateView* base_;
  const StateWrites* writes_;
};

// The whole state in memory: for audit and tests.
class MemoryState : public StateView {
 public:
  std::optional<std::string> Get(std::string_view key) const override;
  void Scan(std::string_view prefix, std::string_view from, Visitor visit) const override;
  void Apply(const StateWrites& writes);

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace assent

#endif  // ASSENT_LEDGER_RULES_STATE_H_
