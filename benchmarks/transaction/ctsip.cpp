// The library's transactions: the store, which holds keys, machines and timers, and the reader and
// the writer where bytes are part of it. What the store asks for is carried out as a stack would,
// short of the socket.
#include <ctsip/message/reader.hpp>
#include <ctsip/message/validity.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/transaction/store.hpp>

#include "variant.hpp"

namespace bench {

namespace {

using enum ctsip::transaction_action;

constexpr ctsip::hash_seed seed{0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
constexpr ctsip::instant now{1000};

using store = ctsip::transaction_store<64>;

// A message and what the transaction layer reads of it, which oSIP2's messages hold parsed too.
struct parsed {
  ctsip::message message;
  std::string_view branch;
  std::string_view method_name;
  ctsip::method method{};

  parsed() = default;
  explicit parsed(ctsip::message const& m)
      : message(m), branch(m.top_via().branch()), method_name(m.method_name()), method(m.method()) {
  }
};

template <scenario const& S>
struct ctsip_transactions {
  static inline store transactions{seed};
  static inline parsed request;
  static inline parsed responses[3];
  static inline char ack[1500];
  static inline ctsip::transaction_handle done[transactions_per_run];

  static void prepare() {
    for (auto const h : done) transactions.remove(h);
    request = parsed{ctsip::read(S.request).value};
    for (int r = 0; r < 3; ++r) responses[r] = parsed{ctsip::read(S.responses[r]).value};
  }

  static void carry_out(ctsip::transaction_step const& step, ctsip::message const* response,
                        seen& so_far) {
    if (step.does.has(send_request)) ++so_far.sent;
    if (step.does.has(send_ack)) {
      if (ctsip::write_ack(ack, request.message, *response).ok()) ++so_far.sent;
    }
    if (step.does.has(pass_response_up)) ++so_far.passed_up;
  }

  static void receive(parsed const& m, seen& so_far) {
    auto const h = transactions.find(ctsip::client_key(seed, m.branch, m.method, m.method_name));
    auto const step = transactions.process(
        h, ctsip::response_event(ctsip::direction::received, m.message.status(), m.method), now);
    carry_out(step, &m.message, so_far);
  }

  static seen run_one(int i) {
    seen so_far;
    auto const kind = S.invite ? ctsip::transaction_kind::invite_client
                               : ctsip::transaction_kind::non_invite_client;
    auto const h = transactions.add(kind, ctsip::client_key(seed, request.branch, request.method),
                                    ctsip::transport::udp);
    carry_out(
        transactions.process(h, ctsip::request_event(ctsip::direction::sent, request.method), now),
        nullptr, so_far);
    for (int r = 0; r < 3; ++r) {
      if (S.responses[r].empty()) continue;
      if (S.from_wire) {
        auto const got = ctsip::read(S.responses[r]);
        if (ctsip::check(got)) receive(parsed{got.value}, so_far);
      } else {
        receive(responses[r], so_far);
      }
    }
    done[i] = h;
    return so_far;
  }
};

transaction_variant<ctsip_transactions, invite_ok> const ok("ctsip");
transaction_variant<ctsip_transactions, invite_ok_from_wire> const wire("ctsip");
transaction_variant<ctsip_transactions, invite_busy> const busy("ctsip");
transaction_variant<ctsip_transactions, non_invite> const other("ctsip");

// The machine and its timers alone, without a store and its look-up.
void run_machine() {
  for (int i = 0; i < transactions_per_run; ++i) {
    ctsip::timed_machine<ctsip::invite_client> m;
    unsigned done =
        m.process(ctsip::request_event(ctsip::direction::sent, ctsip::method::invite), now)
            .does.bits;
    for (std::uint16_t const status : {100, 180, 200})
      done += m.process(
                   ctsip::response_event(ctsip::direction::received, status, ctsip::method::invite),
                   now)
                  .does.bits;
    keep(done);
    keep(m);
  }
}
bool check_machine() {
  ctsip::timed_machine<ctsip::invite_client> m;
  (void)m.process(ctsip::request_event(ctsip::direction::sent, ctsip::method::invite), now);
  auto const step =
      m.process(ctsip::response_event(ctsip::direction::received, 200, ctsip::method::invite), now);
  return step.does.has(pass_response_up) && m.is(ctsip::invite_client::accepted);
}
subject const machine_only("INVITE client, machine only: 100, 180, 200", "ctsip",
                           transactions_per_run, &check_machine, &run_machine);

figure const weight("bytes per live transaction, without messages", "ctsip", [] {
  using thousand = ctsip::transaction_store<1000>;
  return static_cast<double>(sizeof(thousand)) / static_cast<double>(thousand::capacity());
});

} // namespace

} // namespace bench
