// A registrar without a socket: bytes and the time go in, datagrams and events come out, in the
// shape of `endpoint`.
//
//   registrar.receive(bytes, source, transport, now);          // or handle_timeout(now)
//   while (registrar.poll_event(e)) …e.kind, e.address_of_record, e.binding…
//   while (registrar.poll_transmit(d)) …send d.bytes to d.to…
//   …wait for the next datagram, until registrar.next_timeout()…
//
// It takes the steps of RFC 3261 10.3 in their order, with RFC 3327 (Path), RFC 3608
// (Service-Route) and RFC 5626 6 (outbound). What a REGISTER does to a binding is said by the
// table of registration/binding.hpp. GRUUs (RFC 5627) are not made: an instance-id is kept and
// returned, "gruu" is not in Supported.
// Read registrar_event.hpp, registrar_authentication.hpp and registration/binding.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/machine/machine.hpp>
#include <ctsip/registration/binding.hpp>
#include <ctsip/user_agent/answers.hpp>
#include <ctsip/user_agent/registrar_authentication.hpp>
#include <ctsip/user_agent/registrar_event.hpp>
#include <ctsip/user_agent/registrar_store.hpp>
#include <ctsip/user_agent/transaction_layer.hpp>

namespace ctsip {

namespace detail {

// Text put together in a fixed buffer; what does not fit is noted.
template <std::size_t Size>
class text_buffer {
 public:
  constexpr void clear() { size_ = 0, overflowed_ = false; }
  constexpr bool overflowed() const { return overflowed_; }
  constexpr std::size_t size() const { return size_; }
  constexpr std::string_view view() const { return {text_, size_}; }
  constexpr std::string_view since(std::size_t first) const {
    return {text_ + first, size_ - first};
  }
  constexpr void put(char c) {
    if (size_ < Size)
      text_[size_++] = c;
    else
      overflowed_ = true;
  }
  constexpr void put(std::string_view text) {
    if (text.size() > Size - size_) {
      overflowed_ = true;
      return;
    }
    text.copy(text_ + size_, text.size());
    size_ += text.size();
  }
  constexpr void put_number(std::uint64_t n, int least_digits = 1) {
    char digits[20]{};
    int count = 0;
    do digits[count++] = static_cast<char>('0' + n % 10);
    while ((n /= 10) != 0 || count < least_digits);
    while (count) put(digits[--count]);
  }
  // Of a message that was received.
  constexpr void put_unfolded(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) put(next_unfolded(text, at));
  }

 private:
  char text_[Size]{};
  std::size_t size_{};
  bool overflowed_{};
};

} // namespace detail

/// The canonical form of an address-of-record (10.3 step 5): "all URI parameters MUST be removed
/// (including the user-param), and any escaped characters MUST be converted to their unescaped
/// form." Scheme and host are in lower case (19.1.4), and of the userinfo only the user is in it.
/// Writes at most `capacity` characters to `out` and returns how many there are.
constexpr std::size_t write_canonical(uri_view const& uri, char* out, std::size_t capacity) {
  std::size_t size = 0;
  auto const put = [&](char c) {
    if (size < capacity) out[size] = c;
    ++size;
  };
  auto const put_lower = [&](std::string_view text) {
    for (char const c : text) put(detail::lower(c));
  };
  put_lower(uri.scheme_name());
  put(':');
  if (uri.has_user()) {
    size += unescape(uri.user(), out + (size < capacity ? size : capacity),
                     size < capacity ? capacity - size : 0);
    put('@');
  }
  put_lower(uri.host());
  if (uri.has_port()) {
    put(':');
    detail::decimal const port{uri.port()};
    for (char const c : port.text()) put(c);
  }
  return size;
}

/// A registrar. Store, users and authentication are the application's and must outlive it; what a
/// proxy wants to know it reads from the store.
template <registrar_size Size, binding_store Store, registrar_users Users = own_address_only const,
          registrar_authentication Authentication = no_authentication const,
          class Policy = on_violation::trap>
class registrar {
  using layer_type = transaction_layer<Size.transactions, Size.message, Policy>;
  static constexpr std::size_t most = Store::most_bindings;

 public:
  constexpr registrar(registrar_settings const& settings, Store& store, Users& users,
                      Authentication& authentication)
      : settings_(own(settings)), store_(store), users_(users), authentication_(authentication),
        layer_(settings_.element) {}
  // These would be gone by the first REGISTER.
  registrar(registrar_settings const&, Store&, Users const&&, Authentication const&) = delete;
  registrar(registrar_settings const&, Store&, Users const&, Authentication const&&) = delete;
  registrar(registrar_settings const&, Store&, Users const&&, Authentication const&&) = delete;

  /// Takes one message as it came from a datagram, or from a stream by way of a `connection`.
  /// Then take all that `poll_transmit` and `poll_event` have, in either order.
  constexpr void receive(std::string_view bytes, address const& source, transport over,
                         instant now) {
    begin();
    arrival const a = layer_.receive(bytes, source, over, now);
    if (a.kind == arrival_kind::request) on_request(a, now);
  }

  /// When to call `handle_timeout`; `instant::never()` if there is nothing to wait for.
  constexpr instant next_timeout() const {
    return store_.next_expiry() < layer_.next_timeout() ? store_.next_expiry()
                                                        : layer_.next_timeout();
  }
  /// Fires one timer that is due, or ends one binding. Call it, and take what it causes, while
  /// `next_timeout() <= now`.
  constexpr void handle_timeout(instant now) {
    begin();
    if (now < next_timeout() || next_timeout().is_never()) return;
    if (layer_.next_timeout() <= store_.next_expiry()) {
      (void)layer_.handle_timeout(now);
      return;
    }
    expired_binding over;
    if (!store_.expire(now, over)) return;
    machine<binding, Policy> rule{binding::state::bound};
    if (!rule.process(binding::symbol::expired).does.has(binding::action::tell_expired)) return;
    ++counts_.expired;
    tell({registrar_event_kind::expired, over.address_of_record, over.record, 0, {}});
  }
  /// Tells that a datagram could not be sent (RFC 3261 18.4).
  constexpr void handle_transport_error(datagram const& unsent, instant now) {
    (void)layer_.handle_transport_error(unsent, now);
  }

  /// The next message to put on the wire; false if there is none.
  constexpr bool poll_transmit(datagram& out) { return layer_.poll_transmit(out); }
  /// What the application is to know next; false if there is nothing.
  constexpr bool poll_event(registrar_event& out) {
    if (event_first_ == event_size_) return false;
    out = events_[event_first_++];
    return true;
  }

  /// What its layer, and what it has done by itself.
  constexpr layer_counts const& counts() const { return layer_.counts(); }
  constexpr registrar_counts const& binding_counts() const { return counts_; }
  constexpr Policy const& policy() const { return layer_.policy(); }
  constexpr std::size_t live_transactions() const { return layer_.live_transactions(); }

 private:
  using rule = machine<binding, Policy>;
  using symbol = binding::symbol;
  using action = binding::action;

  // A binding that exists or that the request adds, and how far the request has come with it.
  struct plan_entry {
    rule step{};
    std::size_t index{}; // in the store; not of one that is added
    bool kept{};         // in the store
    bool is_over{};      // its time has passed
    binding_record before{};
    binding_record after{};

    // What it is known by, while the request is processed.
    constexpr binding_record const& known_as() const { return kept ? before : after; }
    constexpr bool is_listed() const {
      return step.is(binding::state::bound) || step.is(binding::state::tentatively_added) ||
             step.is(binding::state::tentatively_updated);
    }
    constexpr binding_record const& listed() const {
      return step.is(binding::state::bound) ? before : after;
    }
  };

  // What a request says of its flow (RFC 5626 6).
  struct flow_facts {
    bool direct{};   // no proxy between
    bool applies{};  // outbound processing
    bool required{}; // the response requires outbound
  };

  static constexpr registrar_settings own(registrar_settings s) {
    s.element.own.allow = "REGISTER, OPTIONS";
    s.element.own.supported = "path, outbound";
    s.element.own.accept = "";
    if (s.default_expires < s.least_expires) s.default_expires = s.least_expires;
    return s;
  }

  // Texts of events point into messages and buffers that the next call overwrites.
  constexpr void begin() {
    counts_.untold += event_size_ - event_first_;
    event_first_ = event_size_ = 0;
  }
  constexpr void tell(registrar_event const& e) {
    if (event_size_ == std::size(events_)) {
      ++counts_.untold;
      return;
    }
    events_[event_size_++] = e;
  }

  constexpr void on_request(arrival const& a, instant now) {
    if (a.message.method() == method::register_) return on_register(a, now);
    // The layer lets no other pass than those in Allow.
    detail::answer_options(layer_, a, now);
  }

  constexpr void on_register(arrival const& a, instant now) {
    message const& m = a.message;
    plan_size_ = 0;
    uri_view const to{m.to().uri()};
    aor_size_ = write_canonical(to, aor_, std::size(aor_));
    bool const aor_fits = aor_size_ <= std::size(aor_);
    if (!aor_fits) aor_size_ = 0;
    std::string_view const aor{aor_, aor_size_};
    // 1. "The registrar inspects the Request-URI to determine whether it has access to bindings for
    // the domain identified in the Request-URI." This one is no proxy that could forward it.
    if (!is_ours(uri_view{m.request_uri()}.host())) return refuse(a, 404, now);
    // 2. "the registrar MUST process the Require header field values": the layer has done so.
    bool const has_path = m.has(header::path);
    if (has_path && !settings_.path_without_support && !supports(m, "path")) {
      extra_field const extra[] = {{"Unsupported", "path"}};
      return refuse(a, 420, now, extra);
    }
    // 3. "A registrar SHOULD authenticate the UAC."
    identification const who = authentication_.identify(m, now);
    if (who.identity == identity::malformed) return refuse(a, 400, now);
    // RFC 8760 2.6: "A UAS MUST check if the Request-URI in the Authorization/Proxy-Authorization
    // header field value corresponds to a user for whom the UAS is willing to accept forwarded or
    // direct requests".
    if (!who.uri.empty() && !is_ours(uri_view{who.uri}.host())) return refuse(a, 400, now);
    if (who.identity == identity::unknown || who.identity == identity::disproven)
      return challenge(a, who, now);
    // 4. "If the authenticated user is not authorized to modify bindings, the registrar MUST return
    // a 403 (Forbidden) and skip the remaining steps."
    if (!is_authorized(who, m, aor)) {
      ++counts_.forbidden;
      return refuse(a, 403, now);
    }
    // 5. "If the address-of-record is not valid for the domain in the Request-URI, the registrar
    // MUST send a 404 (Not Found) response and skip the remaining steps."
    if (!aor_fits || !is_ours(to.host()) || !users_.knows(aor)) return refuse(a, 404, now);

    texts_.clear();
    std::string_view path;
    if (has_path && !read_path(m, path)) return refuse(a, 400, now);
    flow_facts flow;
    if (status_code const status = judge_flow(m, flow); status != 0) return refuse(a, status, now);
    make_plan(aor, now);
    // 6. "The registrar checks whether the request contains the Contact header field. If not, it
    // skips to the last step."
    if (m.has(header::contact)) {
      // Of two Expires the one may bind and the other remove, and there may be one (7.3.1).
      status_code const status = m.has_several(header::expires) ? 400
                                 : m.contact().is_star()        ? plan_removal_of_all(m)
                                                                : plan_contacts(a, path, flow, now);
      if (status == 423) {
        seconds_.clear();
        seconds_.put_number(settings_.least_expires);
        extra_field const extra[] = {{"Min-Expires", seconds_.view()}};
        return refuse(a, 423, now, extra);
      }
      if (status == status_out_of_place) return refuse_for_want_of_place(a, now);
      if (status != 0) return refuse(a, status, now);
    }
    conclude(a, who, path, flow, now);
  }

  // 8. "The registrar returns a 200 (OK) response. The response MUST contain Contact header field
  // values enumerating all current bindings."
  constexpr void conclude(arrival const& a, identification const& who, std::string_view path,
                          flow_facts const& flow, instant now) {
    message const& m = a.message;
    contacts_.clear();
    for (auto const& e : plan()) {
      if (!e.is_listed()) continue;
      if (contacts_.size() > 0) contacts_.put(", ");
      contacts_.put('<');
      contacts_.put(e.listed().contact);
      contacts_.put('>');
      contacts_.put(e.listed().parameters);
      // "Each Contact value MUST feature an "expires" parameter indicating its expiration interval
      // chosen by the registrar." What is left of one that was chosen before, in whole seconds.
      contacts_.put(";expires=");
      contacts_.put_number(seconds_until(e.listed().until, now));
    }
    extra_field extra[8]{};
    std::size_t extras = 0;
    // "The response SHOULD include a Date header field."
    if (!settings_.unix_time.is_never()) extra[extras++] = {"Date", write_date(now)};
    if (!settings_.service_route.empty())
      extra[extras++] = {"Service-Route", settings_.service_route};
    // RFC 3327 5.3: "The registrar copies the Path header field values into a Path header field in
    // the successful (200 class) REGISTER response."
    if (!path.empty()) extra[extras++] = {"Path", path};
    if (flow.required) {
      extra[extras++] = {"Require", "outbound"};
      if (flow.direct && settings_.flow_timer > 0) {
        flow_timer_.clear();
        flow_timer_.put_number(settings_.flow_timer);
        extra[extras++] = {"Flow-Timer", flow_timer_.view()};
      }
    }
    std::size_t const confirmed =
        authentication_.confirm(who, now, std::span<extra_field>{extra}.subspan(extras));
    extras += confirmed <= std::size(extra) - extras ? confirmed : 0;
    std::span<extra_field const> const fields{extra, extras};

    // A response that does not fit is found out before anything is committed.
    identifier const tag = layer_.identifiers().token();
    ip_text const from = to_text(a.source);
    response_parts parts;
    parts.to_tag = tag.view();
    parts.contact = contacts_.view();
    parts.extra = fields;
    parts.source = {from.view(), a.source.port};
    if (contacts_.overflowed() || !write_response(std::span<char>{trial_}, m, parts).ok())
      return refuse(a, 500, now);

    gone_.clear();
    std::size_t changes = 0;
    for (auto const& e : plan()) {
      using act = binding_change::act;
      if (e.step.is(binding::state::tentatively_added))
        changes_[changes++] = {act::add, 0, e.after};
      else if (e.step.is(binding::state::tentatively_updated))
        changes_[changes++] = {act::update, e.index, e.after};
      else if (e.kept && !e.is_listed())
        changes_[changes++] = {act::remove, e.index, {}};
    }
    // What is told of a binding that goes must outlast the text that the store has of it.
    for (auto& e : plan()) {
      if (!e.kept || e.is_listed()) continue;
      std::size_t const first = gone_.size();
      gone_.put(e.before.contact);
      e.before = {
          gone_.since(first), {},           {}, {}, e.before.cseq, e.before.reg_id, e.before.until,
          e.before.source,    e.before.over};
    }
    std::string_view const aor{aor_, aor_size_};
    if (changes > 0) {
      auto const result = store_.apply(aor, {changes_, changes});
      if (result == store_result::full) return refuse_for_want_of_place(a, now);
      if (result != store_result::done) return refuse(a, 500, now);
    }
    for (auto& e : plan()) {
      auto const did = e.step.process(symbol::commit).does;
      if (did.has(action::tell_added))
        tell({registrar_event_kind::bound, aor, e.after, 0, m});
      else if (did.has(action::tell_updated))
        tell({registrar_event_kind::refreshed, aor, e.after, 0, m});
      else if (did.has(action::tell_removed))
        tell({registrar_event_kind::removed, aor, e.before, 0, m});
      else if (e.is_over)
        ++counts_.expired, tell({registrar_event_kind::expired, aor, e.before, 0, {}});
    }
    ++counts_.registered;
    respond(a, 200, contacts_.view(), fields, now, tag.view());
  }

  // The bindings that there are.
  constexpr void make_plan(std::string_view aor, instant now) {
    std::size_t const listed = store_.list(aor, std::span<binding_record>{listed_});
    plan_size_ = listed < most ? listed : most;
    for (std::size_t i = 0; i < plan_size_; ++i) {
      plan_entry& e = plan_[i];
      e = {};
      e.step = rule{binding::state::bound};
      e.index = i;
      e.kept = true;
      e.before = listed_[i];
      // Its timer has not been heard yet.
      if (e.before.until <= now) {
        e.is_over = true;
        (void)e.step.process(symbol::expired);
      }
    }
  }
  constexpr std::span<plan_entry> plan() { return {plan_, plan_size_}; }

  // 6. "[...] there is one Contact field value that contains the special value "*" and an Expires
  // field. If the request has additional Contact fields or an expiration time other than zero, the
  // request is invalid, and the server MUST return a 400 (Invalid Request)". Additional Contact
  // fields the layer has refused: the grammar has none (25.1).
  constexpr status_code plan_removal_of_all(message const& m) {
    if (!m.has(header::expires) || expires_of(m) != 0) return 400;
    for (auto& e : plan())
      if (e.kept && !e.is_over)
        if (status_code const status = take(e, m, true); status != 0) return status;
    return 0;
  }

  // 7. "The registrar now processes each contact address in the Contact header field in turn."
  constexpr status_code plan_contacts(arrival const& a, std::string_view path,
                                      flow_facts const& flow, instant now) {
    message const& m = a.message;
    // What is told of a binding outlives the datagram.
    std::string_view const call_id = keep(m.call_id());
    for (std::string_view const element : m.elements(header::contact)) {
      name_addr_view const contact{element};
      if (!has_good_q(contact)) return 400;
      // "If the field value has an "expires" parameter, that value MUST be taken as the requested
      // expiration." "If there is no such parameter, but the request has an Expires header field,
      // that value MUST be taken as the requested expiration." "If there is neither, a
      // locally-configured default value MUST be taken as the requested expiration."
      std::uint32_t const requested = requested_by(m, contact);
      // "If and only if the requested expiration interval is greater than zero AND smaller than one
      // hour AND less than a registrar-configured minimum, the registrar MAY reject the
      // registration with a response of 423 (Interval Too Brief)."
      if (requested > 0 && requested < 3600 && requested < settings_.least_expires) return 423;
      // "The registrar MAY choose an expiration less than the requested expiration interval."
      std::uint32_t const granted =
          requested < settings_.most_expires ? requested : settings_.most_expires;

      binding_record r;
      r.contact = keep(contact.uri());
      std::size_t const first = texts_.size();
      write_parameters(contact);
      r.parameters = texts_.since(first);
      r.reg_id = flow.applies ? reg_id_of(contact) : 0;
      r.path = path;
      r.call_id = call_id;
      r.cseq = m.cseq().number;
      r.until = now + milliseconds{std::int64_t{granted} * 1000};
      r.source = a.source;
      r.over = a.over;
      if (texts_.overflowed()) return 500;

      plan_entry* e = find(r);
      if (!e) {
        if (requested == 0) continue; // nothing is there to be removed
        if (plan_size_ == std::size(plan_)) return status_out_of_place;
        e = &plan_[plan_size_++];
        *e = {};
      }
      if (status_code const status = take(*e, m, requested == 0, &r); status != 0) return status;
    }
    return 0;
  }

  // One step of one binding.
  constexpr status_code take(plan_entry& e, message const& m, bool removes,
                             binding_record const* r = nullptr) {
    bool const is_there = e.kept && !e.is_over;
    binding_update update;
    update.removes = removes;
    update.same_call_id = is_there && e.before.call_id == m.call_id();
    update.higher_cseq = m.cseq().number > e.before.cseq;
    auto const did = e.step.process(binding::project(update)).does;
    if (did.has(action::record) && r) e.after = *r;
    if (!did.has(action::answer_500)) return 0;
    ++counts_.out_of_order;
    return 500;
  }

  // "For each address, the registrar then searches the list of current bindings using the URI
  // comparison rules." RFC 5626 6: with an instance-id and a reg-id, "the corresponding binding is
  // between an AOR and the combination of the instance-id [...] and the value of "reg-id"".
  constexpr plan_entry* find(binding_record const& r) {
    uri_view const uri{r.contact};
    plan_entry* alike = nullptr;
    for (auto& e : plan()) {
      // One that is over has its place in the store, and is no binding any more.
      if (e.is_over) continue;
      binding_record const& other = e.known_as();
      if (r.reg_id != other.reg_id) continue;
      if (r.reg_id != 0 ? detail::same_instance(without_quotes(r.instance()),
                                                without_quotes(other.instance()))
                        : r.contact == other.contact)
        return &e;
      // Several may be equivalent to it, which are not to one another (19.1.4).
      if (r.reg_id == 0 && !alike && equivalent(uri, uri_view{other.contact})) alike = &e;
    }
    return alike;
  }

  // RFC 5626 6. A reg-id is from 1 to 2**31-1 (4.2); "one with a reg-id but no instance-id is not
  // valid. If the registrar processes a Contact header field value with a reg-id but no
  // instance-id, it simply ignores the reg-id parameter."
  static constexpr std::uint32_t reg_id_of(name_addr_view const& contact) {
    number const n = read_number(contact.param("reg-id"));
    return n && *n < 0x8000'0000U && !contact.param("+sip.instance").empty() ? *n : 0;
  }

  constexpr status_code judge_flow(message const& m, flow_facts& flow) const {
    // "the registrar MUST check from its Via header field if the registrar is the first hop or not"
    std::size_t vias = 0;
    for (std::string_view const via : m.elements(header::via)) vias += !via.empty();
    flow.direct = vias <= 1;
    bool first_hop_supports = flow.direct;
    if (!flow.direct)
      for (std::string_view const route : m.elements(header::path)) {
        first_hop_supports = uri_view{name_addr_view{route}.uri()}.has_param("ob");
        break;
      }
    bool has_reg_id = false;
    bool has_flow = false;
    std::size_t lasting = 0;
    for (std::string_view const element : m.elements(header::contact)) {
      name_addr_view const contact{element};
      has_reg_id = has_reg_id || contact.has_param("reg-id");
      has_flow = has_flow || reg_id_of(contact) != 0;
      lasting += !contact.is_star() && requested_by(m, contact) > 0;
    }
    // "If the Path header field is missing or it exists but the first URI does not have an "ob" URI
    // parameter, then outbound processing MUST NOT be applied to the registration. [...] if the
    // REGISTER request contains the reg-id and the outbound option tag in a Supported header field,
    // then the registrar MUST respond to the REGISTER request with a 439 (First Hop Lacks Outbound
    // Support) response; otherwise, the registrar MUST ignore the "reg-id" parameter".
    bool const supported = supports(m, "outbound");
    if (!first_hop_supports) return has_reg_id && supported ? 439 : 0;
    flow.applies = true;
    // "if the Contact header field contains more than one header field value with a non-zero
    // expiration and any of these header field values contain a "reg-id" Contact header field
    // parameter, the entire registration SHOULD be rejected with a 400 (Bad Request) response."
    if (has_flow && lasting > 1) return 400;
    // "Provided that the UAC had included an outbound option-tag [...] in a Supported header field
    // value in the REGISTER request, the registrar MUST include the outbound option-tag in a
    // Require header field value in its response".
    flow.required = has_flow && supported;
    return 0;
  }

  // "Malformed values SHOULD be treated as equivalent to 3600", and larger ones than 2**32-1 as
  // that (10.2).
  static constexpr std::uint32_t expires_of(message const& m) {
    return m.expires().clipped_or(3600);
  }
  constexpr std::uint32_t requested_by(message const& m, name_addr_view const& contact) const {
    if (contact.has_param("expires")) return contact.expires().clipped_or(3600);
    return m.has(header::expires) ? expires_of(m) : settings_.default_expires;
  }

  // c-p-q = "q" EQUAL qvalue, and qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
  // (25.1). By it a proxy orders its targets (16.6).
  static constexpr bool has_good_q(name_addr_view const& contact) {
    parameter const q = contact.all_params().find("q");
    if (!q) return true;
    std::string_view const text = q.value;
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return false;
    if (text.size() > 1 && text[1] != '.') return false;
    for (std::size_t i = 2; i < text.size(); ++i)
      if (text[i] < '0' || text[i] > (text[0] == '1' ? '0' : '9')) return false;
    return true;
  }

  static constexpr bool supports(message const& m, std::string_view option) {
    for (std::string_view const tag : m.elements(header::supported))
      if (detail::same_token(tag, option)) return true;
    // What is required is supported.
    for (std::string_view const tag : m.elements(header::require))
      if (detail::same_token(tag, option)) return true;
    return false;
  }

  constexpr bool is_ours(std::string_view host) const {
    return settings_.domains.empty() || detail::in_list(settings_.domains, host, true);
  }

  constexpr bool is_authorized(identification const& who, message const& m, std::string_view aor) {
    if (who.identity == identity::proven) return users_.may_register(who.user, aor);
    char* const sender = trial_;
    std::size_t const size = write_canonical(uri_view{m.from().uri()}, sender, std::size(trial_));
    return size <= std::size(trial_) && users_.may_register({sender, size}, aor);
  }

  constexpr std::string_view keep(std::string_view text) {
    std::size_t const first = texts_.size();
    texts_.put(text);
    return texts_.since(first);
  }

  // As they are to be written again. `expires` is the registrar's to choose; "pub-gruu" and
  // "temp-gruu" "MUST be ignored by the registrar" (RFC 5627 5.1).
  constexpr void write_parameters(name_addr_view const& contact) {
    for (parameter const& p : contact.all_params()) {
      if (detail::same_token(p.name, "expires") || detail::same_token(p.name, "pub-gruu") ||
          detail::same_token(p.name, "temp-gruu"))
        continue;
      texts_.put(';');
      texts_.put(p.name);
      if (!p.has_value) continue;
      texts_.put('=');
      texts_.put_unfolded(p.value);
    }
  }

  // RFC 3327 5.3: "an ordered list of route elements (a path vector) from the nodes listed in the
  // Path header field values, preserving the order".
  constexpr bool read_path(message const& m, std::string_view& path) {
    std::size_t const first = texts_.size();
    for (std::string_view const route : m.elements(header::path)) {
      name_addr_view const node{route};
      if (!node.well_formed() || !node.is_name_addr() || !uri_view{node.uri()}.well_formed())
        return false;
      if (texts_.size() > first) texts_.put(", ");
      texts_.put_unfolded(route);
    }
    path = texts_.since(first);
    return !texts_.overflowed();
  }

  static constexpr std::uint32_t seconds_until(instant until, instant now) {
    std::int64_t const seconds = (until - now).count / 1000;
    return seconds > 0xffff'ffff ? 0xffff'ffffU
           : seconds > 0         ? static_cast<std::uint32_t>(seconds)
                                 : 1; // it is still there
  }

  // rfc1123-date = wkday "," SP date1 SP time SP "GMT" (20.17, 25.1).
  constexpr std::string_view write_date(instant now) {
    std::int64_t const since_1970 =
        (instant{settings_.unix_time.count} + milliseconds{now.count}).count;
    std::int64_t const seconds = since_1970 > 0 ? since_1970 / 1000 : 0;
    std::int64_t const days = seconds / 86'400;
    auto const time = static_cast<std::uint64_t>(seconds % 86'400);
    // Days in eras of 400 years that begin in March, so that a leap day is the last of its year.
    std::int64_t const shifted = days + 719'468;
    std::int64_t const era = shifted / 146'097;
    std::int64_t const of_era = shifted % 146'097;
    std::int64_t const year_of_era =
        (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
    std::int64_t const of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    std::int64_t const march_month = (5 * of_year + 2) / 153;
    std::int64_t const day = of_year - (153 * march_month + 2) / 5 + 1;
    std::int64_t const month = march_month < 10 ? march_month + 2 : march_month - 10; // from 0
    std::int64_t const year = year_of_era + era * 400 + (month < 2);
    constexpr std::string_view day_names = "ThuFriSatSunMonTueWed"; // 1 January 1970: a Thursday
    constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    date_.clear();
    date_.put(day_names.substr(static_cast<std::size_t>(days % 7) * 3, 3));
    date_.put(", ");
    date_.put_number(static_cast<std::uint64_t>(day), 2);
    date_.put(' ');
    date_.put(month_names.substr(static_cast<std::size_t>(month) * 3, 3));
    date_.put(' ');
    date_.put_number(static_cast<std::uint64_t>(year), 4);
    date_.put(' ');
    date_.put_number(time / 3600, 2);
    date_.put(':');
    date_.put_number(time / 60 % 60, 2);
    date_.put(':');
    date_.put_number(time % 60, 2);
    date_.put(" GMT");
    return date_.view();
  }

  constexpr void challenge(arrival const& a, identification const& who, instant now) {
    extra_field extra[8]{};
    std::size_t const count = authentication_.challenge(who, now, std::span<extra_field>{extra});
    // "The WWW-Authenticate response-header field MUST be included in 401 (Unauthorized) response
    // messages." (22.2)
    if (count == 0) return refuse(a, 500, now);
    ++counts_.challenged;
    std::span<extra_field const> const fields{extra, count < 8 ? count : 8};
    if (who.identity == identity::unknown) return respond(a, 401, {}, fields, now);
    ++counts_.disproven;
    refuse(a, 401, now, fields);
  }

  // 10.3 step 7: "If any one of them fails [...], the request MUST fail with a 500 (Server Error)
  // response". 21.5.1: "If the condition is temporary, the server MAY indicate when the client may
  // retry the request using the Retry-After header field." A 503 would turn the client away from
  // this server for the sake of one request (21.5.4).
  constexpr void refuse_for_want_of_place(arrival const& a, instant now) {
    ++counts_.full;
    instant next = store_.next_expiry();
    std::size_t wanted = 0;
    for (auto const& e : plan()) wanted += e.is_listed();
    if (bool const is_too_long = plan_size_ == std::size(plan_); wanted > most || is_too_long) {
      next = is_too_long ? instant::never() : end_of_others(wanted - most);
      if (next.is_never()) return refuse(a, 500, now); // it would not fit at another time either
    }
    seconds_.clear();
    seconds_.put_number(next.is_never() ? settings_.least_expires
                                        : seconds_until(next + milliseconds{999}, now));
    extra_field const extra[] = {{"Retry-After", seconds_.view()}};
    refuse(a, 500, now, extra);
  }

  // When so many of the bindings that the request does not name will be over.
  constexpr instant end_of_others(std::size_t count) {
    instant first = instant::never();
    for (auto const& e : plan()) {
      if (!e.step.is(binding::state::bound)) continue;
      std::size_t over = 0;
      for (auto const& other : plan())
        over += other.step.is(binding::state::bound) && other.before.until <= e.before.until;
      if (over >= count && e.before.until < first) first = e.before.until;
    }
    return first;
  }

  constexpr void refuse(arrival const& a, status_code status, instant now,
                        std::span<extra_field const> extra = {}) {
    ++counts_.refused;
    for (auto& e : plan()) (void)e.step.process(symbol::roll_back);
    plan_size_ = 0;
    tell({registrar_event_kind::refused, {aor_, aor_size_}, {}, status, a.message});
    respond(a, status, {}, extra, now);
  }

  constexpr void respond(arrival const& a, status_code status, std::string_view contacts,
                         std::span<extra_field const> extra, instant now,
                         std::string_view to_tag = {}) {
    if (!a.transaction) return layer_.answer(a, status);
    identifier const tag = layer_.identifiers().token();
    response_parts parts;
    parts.status = status;
    parts.to_tag = to_tag.empty() ? tag.view() : to_tag;
    parts.contact = contacts;
    parts.extra = extra;
    // Without what does not fit it is still an answer, but no 200 without its bindings and no 401
    // without a challenge.
    status_code const shorter = status < 300 || status == 401 ? 500 : status;
    detail::answer_as_fits(layer_, a.transaction, parts, shorter, now);
  }

  // What `plan_contacts` returns where there is no place for another binding.
  static constexpr status_code status_out_of_place = 1;

  registrar_settings settings_;
  Store& store_;
  Users& users_;
  Authentication& authentication_;
  layer_type layer_;
  registrar_counts counts_{};
  registrar_event events_[2 * most + 1]{};
  std::size_t event_first_{};
  std::size_t event_size_{};
  plan_entry plan_[2 * most]{}; // all may be removed and as many added by one request
  std::size_t plan_size_{};
  binding_record listed_[most]{};
  binding_change changes_[2 * most]{};
  char aor_[Size.message]{};
  std::size_t aor_size_{};
  char trial_[Size.message]{};
  detail::text_buffer<Size.message> texts_{};    // of the bindings of the request
  detail::text_buffer<Size.message> contacts_{}; // of the response
  detail::text_buffer<Size.message> gone_{};     // of bindings that were removed
  detail::text_buffer<32> date_{};
  detail::text_buffer<12> seconds_{};
  detail::text_buffer<12> flow_timer_{};
};

} // namespace ctsip
