// oSIP2's transactions. It predates RFC 6026: its INVITE client transaction ends with the 2xx.
#include "osip2.hpp"

#include <vector>

namespace bench {

namespace {

template <scenario const& S>
struct osip2_transactions {
  struct prepared {
    osip_message_t* request;
    osip_event_t* responses[3];
  };
  static inline std::vector<prepared> ready;
  static inline std::vector<osip_transaction_t*> done;

  static void prepare() {
    for (auto* t : done) osip_transaction_free2(t);
    done.clear();
    ready.clear();
    done.reserve(transactions_per_run);
    for (int i = 0; i < transactions_per_run; ++i) {
      prepared p{osip2_request(S.request), {}};
      for (int r = 0; r < 3; ++r)
        if (!S.from_wire && !S.responses[r].empty())
          p.responses[r] = osip2_received(S.responses[r]);
      ready.push_back(p);
    }
  }

  static void execute(osip_t* osip) {
    if (S.invite)
      osip_ict_execute(osip);
    else
      osip_nict_execute(osip);
  }

  static seen run_one(int i) {
    osip2_seen = {};
    osip_t* const osip = osip2_stack();
    prepared const& p = ready[static_cast<std::size_t>(i)];
    osip_transaction_t* t = nullptr;
    if (osip_transaction_init(&t, S.invite ? ICT : NICT, osip, p.request) != 0) std::abort();
    osip_event_t* const send = osip_new_outgoing_sipmessage(p.request);
    send->transactionid = t->transactionid;
    osip_transaction_add_event(t, send);
    execute(osip);
    for (int r = 0; r < 3; ++r) {
      if (S.responses[r].empty()) continue;
      osip_event_t* const e = S.from_wire ? osip2_received(S.responses[r]) : p.responses[r];
      if (osip_find_transaction_and_add_event(osip, e) != 0) std::abort();
      execute(osip);
    }
    osip_remove_transaction(osip, t);
    done.push_back(t);
    return osip2_seen;
  }
};

transaction_variant<osip2_transactions, invite_ok> const ok("oSIP2");
transaction_variant<osip2_transactions, invite_ok_from_wire> const wire("oSIP2");
transaction_variant<osip2_transactions, invite_busy> const busy("oSIP2");
transaction_variant<osip2_transactions, non_invite> const other("oSIP2");

} // namespace

} // namespace bench
