#include <malloc.h>

#include <vector>

#include "look_up.hpp"
#include "osip2.hpp"

namespace bench {

namespace {

// Each number of live transactions has a stack of its own.
osip_t* make_stack() {
  osip_t* osip = nullptr;
  if (osip_init(&osip) != 0) std::abort();
  return osip;
}

osip_transaction_t* make_transaction(osip_t* osip, int i) {
  auto const text = look_up_text(messages::invite, i);
  osip_message_t* const request = osip2_request(text);
  osip_transaction_t* made = nullptr;
  if (osip_transaction_init(&made, ICT, osip, request) != 0) std::abort();
  osip_message_free(request);
  return made;
}

template <int Live>
struct osip2_look_up {
  static inline osip_t* osip = nullptr;
  static inline std::vector<osip_event_t*> responses;

  static void prepare() {
    if (osip) return;
    osip2_stack();
    osip = make_stack();
    for (int i = 0; i < Live; ++i)
      osip_transaction_set_your_instance(make_transaction(osip, i), new int(i));
    for (int i = 0; i < lookups_per_run; ++i)
      responses.push_back(osip2_received(
          look_up_text(messages::ok, look_up_variant<osip2_look_up, Live>::wanted(i))));
  }

  static int find(int i) {
    auto* const found =
        osip_transaction_find(&osip->osip_ict_transactions, responses[static_cast<std::size_t>(i)]);
    return found ? *static_cast<int*>(osip_transaction_get_your_instance(found)) : -1;
  }
};

look_up_variant<osip2_look_up, 1> const one("oSIP2");
look_up_variant<osip2_look_up, 100> const hundred("oSIP2");
look_up_variant<osip2_look_up, 1000> const thousand("oSIP2");

// Growth of the heap over a hundred transactions, whose messages are released before it is read.
figure const weight("bytes per live transaction, without messages", "oSIP2", [] {
  osip2_stack();
  osip_t* const osip = make_stack();
  make_transaction(osip, 0);
  auto const before = mallinfo2().uordblks;
  for (int i = 1; i <= 100; ++i) make_transaction(osip, i);
  return static_cast<double>(mallinfo2().uordblks - before) / 100;
});

} // namespace

} // namespace bench
