// A stream that answers from the database: it keeps a cursor and one page, reads the next page on a
// worker thread only when the client has taken this one, and has one write in flight. So a slow
// reader costs a page, not a queue.
#ifndef ASSENT_NODE_SERVICE_PAGE_STREAM_H_
#define ASSENT_NODE_SERVICE_PAGE_STREAM_H_

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "grpcpp/grpcpp.h"
#include "node/service/open_calls.h"
#include "node/service/read_pool.h"

namespace assent::service {

// Must be made by std::make_shared and started once; gRPC's share of the ownership begins with
// that. Any thread may call Wake and End.
//
//   reading -> writing (page has messages) -> reading (kMore) | waiting (kWait) | finished (kEnd)
//
// Finish is called exactly once, when neither a read nor a write is under way; nothing is called on
// the gRPC stream after it.
template <class Message>
class PageStream : public grpc::ServerWriteReactor<Message>,
                   public OpenCall,
                   public std::enable_shared_from_this<PageStream<Message>> {
 public:
  enum class Then {
    kMore,  // read again at once
    kWait,  // read again when woken
    kEnd,   // finish with `status`
  };
  struct Page {
    std::deque<Message> messages;
    Then then = Then::kEnd;
    grpc::Status status;  // kEnd
  };

  // `pool` and `calls` outlive the call (not this object); `place` is given back with the last
  // share of it, of which a read that waits has one.
  PageStream(ReadPool* pool, Turn turn, OpenCalls* calls, std::shared_ptr<void> place)
      : pool_(pool), turn_(std::move(turn)), calls_(calls), place_(std::move(place)) {}

  void Start() {
    self_ = this->shared_from_this();
    calls_->Add(self_);
    Read();
  }

  void Wake() override {
    bool waiting = false;
    {
      const std::lock_guard lock(mutex_);
      waiting = step_ == Step::kWaiting;
      woken_ = !waiting;
      if (waiting) step_ = Step::kReading;
    }
    if (waiting) return Read();
    if (const grpc::Status status = Check(); !status.ok()) End(status);
  }

  bool OfKnown() const override { return turn_.known; }

  void End(const grpc::Status& status) override {
    {
      const std::lock_guard lock(mutex_);
      if (step_ == Step::kFinished) return;
      if (!end_) end_ = status;
      // Whatever is under way goes on to Advance. A write to a client that does not read ends when
      // the server cancels the call (Services::Stop).
      if (step_ != Step::kWaiting) return;
      step_ = Step::kFinished;
    }
    this->Finish(status);
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      page_.messages.pop_front();
      if (!ok && !end_) end_ = grpc::Status::CANCELLED;
    }
    Advance();
  }

  void OnCancel() override { End(grpc::Status::CANCELLED); }

  void OnDone() override {
    calls_->Remove(this);
    std::shared_ptr<PageStream> last;
    const std::lock_guard lock(mutex_);
    last = std::move(self_);
  }

 protected:
  // The next page; called on a worker, never twice at once. After an empty page of kMore the next
  // one begins farther on.
  virtual Page ReadPage() = 0;
  // Whether what has been read may still be sent: not Ok ends the stream with that before the next
  // message. Called when something has changed, on any thread, also while ReadPage runs.
  virtual grpc::Status Check() = 0;

 private:
  enum class Step { kReading, kWriting, kWaiting, kFinished };

  void Read() {
    pool_->Post(turn_, [self = this->shared_from_this()] {
      if (!self->Ending()) {
        Page page = self->ReadPage();
        const std::lock_guard lock(self->mutex_);
        self->page_ = std::move(page);
      }
      self->Advance();
    });
  }

  bool Ending() {
    const std::lock_guard lock(mutex_);
    return end_.has_value();
  }

  // After a read or a write. What is done on the stream is done outside the lock, as the last
  // thing.
  void Advance() {
    const Message* write = nullptr;
    std::optional<grpc::Status> finish;
    {
      const std::lock_guard lock(mutex_);
      if (end_) {
        step_ = Step::kFinished;
        finish = *end_;
      } else if (!page_.messages.empty()) {
        step_ = Step::kWriting;
        write = &page_.messages.front();
      } else if (page_.then == Then::kEnd) {
        step_ = Step::kFinished;
        finish = page_.status;
      } else if (page_.then == Then::kWait && !woken_) {
        step_ = Step::kWaiting;
        return;
      } else {
        step_ = Step::kReading;
        woken_ = false;
      }
    }
    if (finish) {
      this->Finish(*std::move(finish));
    } else if (write != nullptr) {
      this->StartWrite(write);
    } else {
      Read();
    }
  }

  ReadPool* const pool_;
  const Turn turn_;
  OpenCalls* const calls_;
  const std::shared_ptr<void> place_;
  std::shared_ptr<PageStream> self_;  // from Start to OnDone

  std::mutex mutex_;
  Step step_ = Step::kReading;
  bool woken_ = false;  // since the page was read
  std::optional<grpc::Status> end_;
  Page page_;  // changed by whoever runs the present step
};

}  // namespace assent::service

#endif  // ASSENT_NODE_SERVICE_PAGE_STREAM_H_
