// What a registrar keeps: the bindings of each address-of-record, until they expire.
//
// `binding_store` says what a store is to a registrar, so that an application can keep bindings
// elsewhere; `registrar_store` is the one that comes with the library: of fixed capacity, in one
// piece of memory. RFC 3261 10.3, RFC 3327 5.3, RFC 5626 6.
// Read registration/binding.hpp and address.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/machine/deadline_queue.hpp>
#include <ctsip/message/parameters.hpp>
#include <ctsip/transaction/store.hpp>
#include <ctsip/user_agent/address.hpp>
#include <ctsip/vocabulary/timer.hpp>
#include <ctsip/vocabulary/transport.hpp>

namespace ctsip {

/// One binding, by value; its texts belong to the store, or to the registrar that adds it.
struct binding_record {
  std::string_view contact{};    ///< the URI
  std::string_view parameters{}; ///< of the Contact, ";q=0.7;+sip.instance=…"; without `expires`
  std::string_view path{};       ///< the routes to it, a comma list (RFC 3327 5.3)
  std::string_view call_id{};    ///< of the REGISTER that bound it last
  std::uint32_t cseq{};
  std::uint32_t reg_id{};          ///< names the flow of its instance (RFC 5626); 0: none
  instant until{instant::never()}; ///< when it expires
  address source{};                ///< the flow: where the REGISTER came from (RFC 5626 6)
  transport over{transport::udp};

  /// The instance-id with its quotes; empty if there is none (RFC 5626 4.1).
  constexpr std::string_view instance() const {
    return ctsip::parameters{parameters}["+sip.instance"];
  }
};

/// One change of a store.
struct binding_change {
  enum class act : std::uint8_t { add, update, remove };

  act does{act::add};
  std::size_t index{};     ///< of the binding in `list`; not read by `add`
  binding_record record{}; ///< not read by `remove`
};

/// What became of the changes.
enum class store_result : std::uint8_t {
  done,
  full,   ///< no place for another binding or address-of-record until one expires
  failed, ///< it cannot be stored; a text of it is too long, the database does not answer
};

/// The result's name.
constexpr char const* name(store_result r) {
  switch (r) {
  case store_result::done: return "done";
  case store_result::full: return "full";
  case store_result::failed: return "failed";
  }
  return "";
}

/// A binding that is over.
struct expired_binding {
  std::string_view address_of_record;
  binding_record record;
};

/// What a registrar asks of its store. Texts handed out hold until the next change.
///
///  * `most_bindings`: how many an address-of-record can have.
///  * `list(aor, out)` writes the bindings of an address-of-record and says how many there are; in
///    the same order until the next change.
///  * `apply(aor, changes)` makes all changes or, if one of them fails, none: "The binding updates
///    MUST be committed […] if and only if all binding updates and additions succeed" (10.3). The
///    indices are those of `list`, each in one change; a place that one change frees, another may
///    take. The texts are not the store's own.
///  * `next_expiry()`: when the next binding expires. `expire(now, out)` removes one that is due
///    and tells which it was; false if none is.
template <class Store>
concept binding_store = requires(Store& store, Store const& kept, std::string_view aor,
                                 std::span<binding_record> out,
                                 std::span<binding_change const> changes, instant now,
                                 expired_binding& expired) {
  static_cast<std::size_t>(Store::most_bindings);
  static_cast<std::size_t>(kept.list(aor, out));
  static_cast<store_result>(store.apply(aor, changes));
  static_cast<instant>(kept.next_expiry());
  static_cast<bool>(store.expire(now, expired));
};

/// How much a `registrar_store` can hold.
struct registrar_store_size {
  std::size_t addresses_of_record{64};
  std::size_t bindings{4}; ///< of one address-of-record
  std::size_t text{512};   ///< characters of a binding: Contact, parameters, Path, Call-ID
  std::size_t address_of_record{96}; ///< characters of an address-of-record
};

/// A store of fixed capacity. Nothing is allocated.
template <registrar_store_size Size>
class registrar_store {
  static constexpr std::size_t places = Size.addresses_of_record * Size.bindings;
  static_assert(places > 0 && places < UINT32_MAX && Size.text <= UINT16_MAX &&
                Size.address_of_record <= UINT16_MAX);
  using index = small_index<Size.addresses_of_record>;
  static constexpr index none = static_cast<index>(-1);

 public:
  static constexpr std::size_t most_bindings = Size.bindings;

  /// The seed must be unpredictable to those who choose the addresses-of-record.
  constexpr explicit registrar_store(hash_seed seed) : seed_(seed) {
    for (auto& b : buckets_) b = none;
    for (std::size_t i = 0; i < Size.addresses_of_record; ++i)
      entries_[i].next = i + 1 < Size.addresses_of_record ? static_cast<index>(i + 1) : none;
  }

  /// Bindings, and addresses-of-record that have one.
  constexpr std::size_t size() const { return size_; }
  constexpr std::size_t addresses_of_record() const { return used_; }

  constexpr std::size_t list(std::string_view aor, std::span<binding_record> out) const {
    index const i = find(aor);
    if (i == none) return 0;
    std::size_t n = 0;
    for (auto const& s : entries_[i].bindings) {
      if (!s.live) continue;
      if (n < out.size()) out[n] = s.record();
      ++n;
    }
    return n;
  }

  constexpr store_result apply(std::string_view aor, std::span<binding_change const> changes) {
    using act = binding_change::act;
    index i = find(aor);
    // The places of the bindings as `list` numbers them.
    std::size_t place_of[Size.bindings]{};
    std::size_t live = 0;
    if (i != none)
      for (std::size_t p = 0; p < Size.bindings; ++p)
        if (entries_[i].bindings[p].live) place_of[live++] = p;
    std::size_t added = 0;
    std::size_t removed = 0;
    bool named[Size.bindings]{};
    for (auto const& c : changes) {
      if (c.does != act::add) {
        if (c.index >= live || named[c.index]) return store_result::failed;
        named[c.index] = true;
      }
      if (c.does == act::remove)
        ++removed;
      else if (size_of(c.record) > Size.text)
        return store_result::failed;
      added += c.does == act::add;
    }
    if (aor.size() > Size.address_of_record && added > 0) return store_result::failed;
    if (live + added > Size.bindings + removed) return store_result::full;
    if (i == none && added > 0 && (i = take(aor)) == none) return store_result::full;

    for (auto const& c : changes)
      if (c.does == act::remove) clear(i, place_of[c.index]);
    for (auto const& c : changes)
      if (c.does == act::update) set(i, place_of[c.index], c.record);
    std::size_t free = 0;
    for (auto const& c : changes) {
      if (c.does != act::add) continue;
      while (entries_[i].bindings[free].live) ++free;
      set(i, free, c.record);
    }
    if (i != none) release_if_empty(i);
    return store_result::done;
  }

  constexpr instant next_expiry() const { return deadlines_.next(); }

  constexpr bool expire(instant now, expired_binding& out) {
    if (next_expiry().is_never() || now < next_expiry()) return false;
    auto const i = static_cast<index>(deadlines_.first() / Size.bindings);
    std::size_t const place = deadlines_.first() % Size.bindings;
    // What is cleared keeps its texts until its place is taken.
    out = {entries_[i].name(), entries_[i].bindings[place].record()};
    clear(i, place);
    release_if_empty(i);
    return true;
  }

 private:
  static constexpr std::size_t bucket_count = detail::power_of_two_from(Size.addresses_of_record);

  struct stored {
    bool live{};
    transport over{};
    std::uint16_t contact{}; // the sizes of the texts, one behind the other
    std::uint16_t parameters{};
    std::uint16_t path{};
    std::uint16_t call_id{};
    std::uint32_t cseq{};
    std::uint32_t reg_id{};
    instant until{};
    address source{};
    char text[Size.text]{};

    constexpr binding_record record() const {
      std::string_view const all{text, Size.text};
      std::size_t at = 0;
      auto const next = [&](std::size_t size) {
        std::string_view const part = all.substr(at, size);
        at += size;
        return part;
      };
      binding_record r;
      r.contact = next(contact);
      r.parameters = next(parameters);
      r.path = next(path);
      r.call_id = next(call_id);
      r.cseq = cseq;
      r.reg_id = reg_id;
      r.until = until;
      r.source = source;
      r.over = over;
      return r;
    }
    constexpr void keep(binding_record const& r) {
      std::size_t at = 0;
      auto const put = [&](std::string_view part) {
        part.copy(text + at, part.size());
        at += part.size();
        return static_cast<std::uint16_t>(part.size());
      };
      contact = put(r.contact);
      parameters = put(r.parameters);
      path = put(r.path);
      call_id = put(r.call_id);
      cseq = r.cseq;
      reg_id = r.reg_id;
      until = r.until;
      source = r.source;
      over = r.over;
      live = true;
    }
  };

  struct entry {
    transaction_key key{};
    index next{none};
    std::uint16_t name_size{};
    std::uint16_t live{};
    char text[Size.address_of_record]{};
    stored bindings[Size.bindings]{};

    constexpr std::string_view name() const { return {text, name_size}; }
  };

  static constexpr std::size_t size_of(binding_record const& r) {
    return r.contact.size() + r.parameters.size() + r.path.size() + r.call_id.size();
  }

  constexpr transaction_key key_of(std::string_view aor) const {
    constexpr std::uint64_t purpose = 0x7265'6769'7374'7261; // no other key has it
    detail::sip_hash h{seed_, purpose};
    h.sized(aor);
    return h.finish();
  }
  static constexpr std::size_t bucket(transaction_key key) {
    return static_cast<std::size_t>(key.value) & (bucket_count - 1);
  }

  constexpr index find(std::string_view aor) const {
    transaction_key const key = key_of(aor);
    for (index i = buckets_[bucket(key)]; i != none; i = entries_[i].next)
      if (entries_[i].key == key && entries_[i].name() == aor) return i;
    return none;
  }

  constexpr index take(std::string_view aor) {
    index const i = free_;
    if (i == none) return none;
    entry& e = entries_[i];
    free_ = e.next;
    e.key = key_of(aor);
    e.name_size = static_cast<std::uint16_t>(aor.size());
    aor.copy(e.text, aor.size());
    e.next = buckets_[bucket(e.key)];
    buckets_[bucket(e.key)] = i;
    ++used_;
    return i;
  }

  constexpr void release_if_empty(index i) {
    entry& e = entries_[i];
    if (e.live > 0) return;
    index* at = &buckets_[bucket(e.key)];
    while (*at != i) at = &entries_[*at].next;
    *at = e.next;
    e.next = free_;
    free_ = i;
    --used_;
  }

  constexpr void set(index i, std::size_t place, binding_record const& r) {
    entry& e = entries_[i];
    if (!e.bindings[place].live) ++e.live, ++size_;
    e.bindings[place].keep(r);
    deadlines_.set(i * Size.bindings + place, r.until);
  }
  constexpr void clear(index i, std::size_t place) {
    entry& e = entries_[i];
    if (!e.bindings[place].live) return;
    e.bindings[place].live = false;
    --e.live, --size_;
    deadlines_.set(i * Size.bindings + place, instant::never());
  }

  hash_seed seed_;
  std::size_t size_{};
  std::size_t used_{};
  index free_{0};
  index buckets_[bucket_count]{};
  deadline_queue<places> deadlines_{};
  entry entries_[Size.addresses_of_record]{};
};

} // namespace ctsip
