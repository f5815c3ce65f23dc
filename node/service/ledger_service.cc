#include "node/service/ledger_service.h"

#include <chrono>
#include <optional>
#include <utility>

#include "ledger/entry/proto.h"
#include "ledger/rules/rules.h"
#include "node/query/ask.h"
#include "node/query/blocks.h"
#include "node/query/drafts.h"
#include "node/query/entries.h"
#include "node/query/inspectors.h"
#include "node/query/limits.h"
#include "node/query/member_questions.h"
#include "node/query/members.h"
#include "node/query/proofs.h"
#include "node/query/reader.h"
#include "node/query/revisions.h"
#include "node/service/later.h"
#include "node/service/reading.h"
#include "node/service/refused_call.h"
#include "node/service/status.h"
#include "node/service/streams.h"
#include "node/service/unary_call.h"
#include "transport/refusal.h"

namespace assent::service {
namespace {

using replica::ReadView;

// The entry of a request, whose body must be there.
absl::StatusOr<Entry> EntryOf(const v1::SubmitRequest& request) {
  if (const absl::Status status = CheckRequest(request); !status.ok()) return status;
  if (!request.has_entry()) return absl::InvalidArgumentError("the request has no entry");
  absl::StatusOr<Entry> entry = FromProto(request.entry());
  if (entry.ok() && !entry->has_body()) {
    return absl::InvalidArgumentError("the entry has no body and salt: send them with it");
  }
  return entry;
}

// The two calls that the submitter answers.

struct SubmitAnswer {
  const replica::Store* store;
  Admission* admission;
  Caller caller;
  std::size_t request_bytes;
  std::shared_ptr<UnaryCall<v1::SubmitResponse>> call;
  MemberCode author;
  Hash leaf_hash;

  void Give(const replica::SubmitOutcome& outcome) const {
    if (!outcome.status.ok()) {
      const bool no_room = admission->CountRefused(outcome.status);
      return Refuse(call, ToGrpc(outcome.status),
                    no_room ? admission->HoldBack(caller, request_bytes) : nullptr);
    }
    if (outcome.refusal) {
      return call->Fail(
          transport::RefusalStatus(grpc::StatusCode::FAILED_PRECONDITION, *outcome.refusal));
    }
    v1::SubmitResponse response;
    response.set_leaf_hash(leaf_hash.str());
    if (outcome.final_index) {
      // Whoever submits an entry has its body already.
      const query::Reader submitter{query::Rights::kMember, author};
      auto receipt = query::MakeReceipt(*store->Read(), submitter, *outcome.final_index);
      if (!receipt.ok()) return call->Fail(ToGrpc(receipt.status()));
      *response.mutable_receipt() = *std::move(receipt);
    }
    call->Answer(std::move(response));
  }
};

struct HeadAnswer {
  const replica::Store* store;
  std::shared_ptr<UnaryCall<v1::AuthorHead>> call;
  std::shared_ptr<Reading> reading;
  MemberCode author;

  void Give(const std::optional<AuthorHead>& waiting) const {
    const auto view = store->Read();
    absl::StatusOr<v1::AuthorHead> head = query::AuthorHeadOf(*view, author.str());
    if (!head.ok()) return call->Fail(ToGrpc(head.status()));
    // What waited may have become final, and more have followed, since it was asked for.
    if (waiting && waiting->sequence.value() > head->sequence()) {
      head->set_sequence(waiting->sequence.value());
      head->set_leaf_hash(waiting->leaf_hash.str());
    }
    query::Reader reader;
    grpc::Status status = reading->Resolve(*view, reader);
    if (status.ok()) status = reading->Log(*view, reader);
    if (!status.ok()) return call->Fail(status);
    call->Answer(*std::move(head));
  }
};

// A callback that gives the answer on the pool: the replica's thread has no time for it. The
// submitter may call it after the service's end, so it holds the pool, which drops what is posted
// then, and not the service.
template <class Answer>
auto OnPool(std::shared_ptr<ReadPool> pool, Turn turn, Answer answer) {
  return [pool = std::move(pool), turn = std::move(turn), answer = std::move(answer)](auto result) {
    pool->Post(turn, [answer, result = std::move(result)] {
      if (!answer.call->over()) answer.Give(result);
    });
  };
}

}  // namespace

LedgerService::LedgerService(const Backend* backend, Admission* admission, Callers* callers,
                             std::shared_ptr<ReadPool> pool, std::shared_ptr<ReadPool> answers,
                             OpenCalls* calls)
    : backend_(backend),
      admission_(admission),
      callers_(callers),
      pool_(std::move(pool)),
      answers_(std::move(answers)),
      calls_(calls) {
  LearnCallers();
}

void LedgerService::OnCommit() {
  if (waking_.exchange(true)) return;
  pool_->Post([this] {
    waking_ = false;  // first: a commit from here on wakes again
    LearnCallers();
    calls_->WakeAll(/*of_known=*/true);
    if (!waking_strangers_.exchange(true)) WakeStrangers();
  });
}

void LedgerService::WakeStrangers() {
  const auto wake = [this] {
    strangers_woken_ = std::chrono::steady_clock::now();
    waking_strangers_ = false;  // first, as above
    calls_->WakeAll(/*of_known=*/false);
  };
  const auto wait = strangers_woken_.load() + kStrangersWokenEach - std::chrono::steady_clock::now();
  if (wait <= std::chrono::steady_clock::duration::zero()) return wake();
  // The pool drops what comes after its end, and with it what would be done to this service.
  Later(wait, [pool = pool_, wake] { pool->Post(Turn{false, ""}, wake); });
}

void LedgerService::LearnCallers() {
  const std::int64_t now_us = backend_->clock->MonotonicUs();
  const auto age = std::chrono::microseconds(kKnownKeysAge).count();
  std::int64_t learned_us = learned_us_;
  if (learned_us != kNever && now_us - learned_us < age) return;
  if (!learned_us_.compare_exchange_strong(learned_us, now_us)) return;  // another thread does
  callers_->Learn(*backend_->store->Read());
}

template <class Reactor>
Reactor* LedgerService::NoRoom(const Caller& caller, const google::protobuf::Message& request,
                               const grpc::Status& refusal) {
  return RefusedCall<Reactor>::Start(calls_, refusal,
                                     admission_->HoldBack(caller, request.ByteSizeLong()));
}

template <class Reactor>
Reactor* LedgerService::Malformed(const absl::Status& why) {
  return RefusedCall<Reactor>::Start(calls_, ToGrpc(why), nullptr);
}

template <class Response, class Read>
grpc::ServerUnaryReactor* LedgerService::OnWorker(grpc::CallbackServerContext* context,
                                                  const google::protobuf::Message& request,
                                                  Response* response, Read read) {
  const Caller caller = callers_->Of(*context);
  Admission::Answer may = admission_->Admit(CallKind::kRead, caller);
  if (may.place == nullptr) return NoRoom<grpc::ServerUnaryReactor>(caller, request, may.refusal);
  if (const absl::Status status = CheckRequest(request); !status.ok()) {
    return Malformed<grpc::ServerUnaryReactor>(status);
  }
  const auto reading = std::make_shared<Reading>(backend_, caller, request);
  const auto call = UnaryCall<Response>::Start(calls_, response, std::move(may.place));
  const std::size_t request_bytes = request.ByteSizeLong();
  pool_->Post(TurnOf(caller), [this, call, caller, reading, request_bytes, read = std::move(read)] {
    if (call->over()) return;
    // Whoever leaves no room for an answer as long as it can be does not get it made.
    Admission::Answer room = admission_->MakeRoom(caller, query::kPageBytesMax);
    if (room.place == nullptr) {
      return Refuse(call, room.refusal, admission_->HoldBack(caller, request_bytes));
    }
    const auto view = backend_->store->Read();
    query::Reader reader;
    if (const grpc::Status good = reading->Resolve(*view, reader); !good.ok()) {
      return call->Fail(good);
    }
    absl::StatusOr<Response> answer = read(*view, reader);
    if (const grpc::Status logged = reading->Log(*view, reader); !logged.ok()) {
      call->Fail(logged);
    } else if (!answer.ok()) {
      call->Fail(ToGrpc(answer.status()));
    } else {
      room.place = nullptr;
      room = admission_->MakeRoom(caller, answer->ByteSizeLong());
      if (room.place == nullptr) return call->Fail(room.refusal);
      call->Answer(*std::move(answer), std::move(room.place));
    }
  });
  return call.get();
}

grpc::ServerUnaryReactor* LedgerService::Submit(grpc::CallbackServerContext* context,
                                                const v1::SubmitRequest* request,
                                                v1::SubmitResponse* response) {
  const Caller caller = callers_->Of(*context);
  Admission::Answer may = admission_->Admit(CallKind::kSubmission, caller);
  if (may.place == nullptr) return NoRoom<grpc::ServerUnaryReactor>(caller, *request, may.refusal);
  absl::StatusOr<Entry> entry = EntryOf(*request);
  if (!entry.ok()) return Malformed<grpc::ServerUnaryReactor>(entry.status());
  const auto call = UnaryCall<v1::SubmitResponse>::Start(calls_, response, std::move(may.place));
  SubmitAnswer answer{backend_->store,         admission_, caller,
                      request->ByteSizeLong(), call,       entry->header().author,
                      entry->leaf_hash()};
  backend_->submitter->Submit(
      *std::move(entry), request->wait_until_final(),
      {OnPool(answers_, Turn(), std::move(answer)), [call] { return call->over(); }});
  return call.get();
}

grpc::ServerUnaryReactor* LedgerService::GetAuthorHead(grpc::CallbackServerContext* context,
                                                       const v1::GetAuthorHeadRequest* request,
                                                       v1::AuthorHead* response) {
  const std::optional<MemberCode> author = MemberCode::From(request->author());
  if (!request->include_pending() || !author) {
    return OnWorker(context, *request, response,
                    [code = request->author()](const ReadView& view, const query::Reader&) {
                      return query::AuthorHeadOf(view, code);
                    });
  }
  const Caller caller = callers_->Of(*context);
  Admission::Answer may = admission_->Admit(CallKind::kRead, caller);
  if (may.place == nullptr) return NoRoom<grpc::ServerUnaryReactor>(caller, *request, may.refusal);
  if (const absl::Status status = CheckRequest(*request); !status.ok()) {
    return Malformed<grpc::ServerUnaryReactor>(status);
  }
  const auto reading = std::make_shared<Reading>(backend_, caller, *request);
  const auto call = UnaryCall<v1::AuthorHead>::Start(calls_, response, std::move(may.place));
  backend_->submitter->PendingHead(
      *author, OnPool(pool_, TurnOf(caller), HeadAnswer{backend_->store, call, reading, *author}));
  return call.get();
}

grpc::ServerWriteReactor<v1::LedgerEntry>* LedgerService::WatchEntries(
    grpc::CallbackServerContext* context, const v1::WatchEntriesRequest* request) {
  using Reactor = grpc::ServerWriteReactor<v1::LedgerEntry>;
  const Caller caller = callers_->Of(*context);
  Admission::Answer may = admission_->Admit(CallKind::kWatch, caller);
  if (may.place == nullptr) return NoRoom<Reactor>(caller, *request, may.refusal);
  const absl::Status checked = CheckRequest(*request);
  if (!checked.ok()) return Malformed<Reactor>(checked);
  auto filter = query::ParseWatch(*request);
  if (!filter.ok()) return Malformed<Reactor>(filter.status());
  const auto stream = std::make_shared<WatchStream>(backend_, caller, *request, *std::move(filter),
                                                    pool_.get(), calls_, std::move(may.place));
  stream->Start();
  return stream.get();
}

grpc::ServerWriteReactor<v1::FinalBlock>* LedgerService::AuditBlocks(
    grpc::CallbackServerContext* context, const v1::AuditBlocksRequest* request) {
  using Reactor = grpc::ServerWriteReactor<v1::FinalBlock>;
  const Caller caller = callers_->Of(*context);
  Admission::Answer may = admission_->Admit(CallKind::kAudit, caller);
  if (may.place == nullptr) return NoRoom<Reactor>(caller, *request, may.refusal);
  const absl::Status checked = CheckRequest(*request);
  if (!checked.ok()) return Malformed<Reactor>(checked);
  const auto stream = std::make_shared<AuditStream>(backend_, caller, *request, pool_.get(), calls_,
                                                    std::move(may.place));
  stream->Start();
  return stream.get();
}

grpc::ServerUnaryReactor* LedgerService::GetEntry(grpc::CallbackServerContext* context,
                                                  const v1::GetEntryRequest* request,
                                                  v1::LedgerEntry* response) {
  return OnWorker(context, *request, response,
                  [asked = *request](const ReadView& view, const query::Reader& reader) {
                    return query::GetEntry(view, reader, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::ListEntries(grpc::CallbackServerContext* context,
                                                     const v1::ListEntriesRequest* request,
                                                     v1::ListEntriesResponse* response) {
  return OnWorker(context, *request, response,
                  [asked = *request](const ReadView& view, const query::Reader& reader) {
                    return query::ListEntries(view, reader, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext* context,
                                             const v1::AskRequest* request,
                                             v1::AskResponse* response) {
  return OnWorker(context, *request, response,
                  [asked = *request](const ReadView& view, const query::Reader& reader) {
                    return query::Ask(view, reader, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::GetReceipt(grpc::CallbackServerContext* context,
                                                    const v1::GetReceiptRequest* request,
                                                    v1::Receipt* response) {
  return OnWorker(context, *request, response,
                  [index = request->index()](const ReadView& view, const query::Reader& reader) {
                    return query::MakeReceipt(view, reader, EntryIndex(index));
                  });
}

grpc::ServerUnaryReactor* LedgerService::GetCheckpoint(grpc::CallbackServerContext* context,
                                                       const v1::GetCheckpointRequest* request,
                                                       v1::Checkpoint* response) {
  return OnWorker(context, *request, response, [this](const ReadView& view, const query::Reader&) {
    return query::PublicCheckpoint(view, backend_->act.origin);
  });
}

grpc::ServerUnaryReactor* LedgerService::GetConsistencyProof(
    grpc::CallbackServerContext* context, const v1::GetConsistencyProofRequest* request,
    v1::ConsistencyProof* response) {
  return OnWorker(context, *request, response,
                  [asked = *request](const ReadView& view, const query::Reader&) {
                    return ProveConsistency(view, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::GetInclusionProof(
    grpc::CallbackServerContext* context, const v1::GetInclusionProofRequest* request,
    v1::InclusionProof* response) {
  return OnWorker(context, *request, response,
                  [asked = *request](const ReadView& view, const query::Reader&) {
                    return ProveInclusion(view, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::ListMembers(grpc::CallbackServerContext* context,
                                                     const v1::ListMembersRequest* request,
                                                     v1::ListMembersResponse* response) {
  return OnWorker(context, *request, response,
                  [asked = *request](const ReadView& view, const query::Reader&) {
                    return query::ListMembers(view, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::ListMemberQuestions(
    grpc::CallbackServerContext* context, const v1::ListMemberQuestionsRequest* request,
    v1::ListMemberQuestionsResponse* response) {
  return OnWorker(context, *request, response,
                  [asked = *request](const ReadView& view, const query::Reader&) {
                    return query::ListMemberQuestions(view, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::ListInspectors(grpc::CallbackServerContext* context,
                                                        const v1::ListInspectorsRequest* request,
                                                        v1::ListInspectorsResponse* response) {
  return OnWorker(context, *request, response,
                  [asked = *request](const ReadView& view, const query::Reader& reader) {
                    return query::ListInspectors(view, reader, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::ListRevisions(grpc::CallbackServerContext* context,
                                                       const v1::ListRevisionsRequest* request,
                                                       v1::ListRevisionsResponse* response) {
  return OnWorker(context, *request, response,
                  [this, asked = *request](const ReadView& view, const query::Reader& reader) {
                    return query::ListRevisions(view, reader, backend_->act, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::ListDrafts(grpc::CallbackServerContext* context,
                                                    const v1::ListDraftsRequest* request,
                                                    v1::ListDraftsResponse* response) {
  return OnWorker(context, *request, response,
                  [asked = *request](const ReadView& view, const query::Reader& reader) {
                    return query::ListDrafts(view, reader, asked);
                  });
}

grpc::ServerUnaryReactor* LedgerService::GetLedgerStatus(grpc::CallbackServerContext* context,
                                                         const v1::GetLedgerStatusRequest* request,
                                                         v1::LedgerStatus* response) {
  return OnWorker(
      context, *request, response,
      [this](const ReadView& view, const query::Reader&) -> absl::StatusOr<v1::LedgerStatus> {
        return query::StatusOf(view, backend_->act.origin, backend_->code, backend_->version);
      });
}

}  // namespace assent::service
