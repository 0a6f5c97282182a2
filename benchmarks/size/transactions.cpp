// The four transactions in a store, with matching and timers.
#include <ctsip/transaction/store.hpp>

using store = ctsip::transaction_store<64>;

void make(store* at, ctsip::hash_seed seed) { *at = store{seed}; }

ctsip::transaction_handle begin_client(store& s, ctsip::transaction_kind kind,
                                       ctsip::text_view branch, ctsip::method m) {
  return s.add(kind, ctsip::client_key(s.seed(), branch, m), ctsip::transport::udp);
}

ctsip::transaction_handle begin_server(store& s, ctsip::transaction_kind kind,
                                       ctsip::transaction_parts const& parts) {
  return s.add(kind, ctsip::server_key(s.seed(), parts), ctsip::transport::udp,
               ctsip::merged_key(s.seed(), parts));
}

ctsip::transaction_step process(store& s, ctsip::transaction_key key, ctsip::event const& e,
                                ctsip::instant now) {
  return s.process(s.find(key), e, now);
}

store::timeout fire(store& s, ctsip::instant now) { return s.handle_timeout(now); }
