// What an endpoint sends in its calls, and how it ends them: what its user wants, as far as the
// rules allow it, is written and handed to the layer.
// RFC 3261 9.1, 12.2.1, 13.2, 13.3, 14.1, 15.1.1, RFC 3262, RFC 3311, RFC 4028.
// Read message/writer.hpp and call_wording.hpp before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/message/retry.hpp>
#include <ctsip/message/values.hpp>
#include <ctsip/message/writer.hpp>
#include <ctsip/user_agent/call_wording.hpp>

namespace ctsip::detail {

// A request, to be written with that Via and those header fields.
class fields_text {
 public:
  virtual constexpr writer write(std::span<char> buffer, via_parts const& via,
                                 std::span<extra_field const> fields) const = 0;

 protected:
  ~fields_text() = default;
};
// One that is put together, but for those.
class composed_request final : public fields_text {
 public:
  constexpr explicit composed_request(request_parts& parts, rack_parts const* rack = nullptr)
      : parts_(parts), rack_(rack) {}
  constexpr writer write(std::span<char> buffer, via_parts const& via,
                         std::span<extra_field const> fields) const override {
    parts_.via = via;
    parts_.extra = fields;
    return write_request(buffer, parts_, {rack_, nullptr});
  }

 private:
  request_parts& parts_;
  rack_parts const* rack_;
};
// One that has been sent before, with another number, and with this Contact if it has one.
class repeated_request final : public fields_text {
 public:
  constexpr repeated_request(message const& old, std::uint32_t cseq, std::string_view contact)
      : old_(old), cseq_(cseq), contact_(contact) {}
  constexpr writer write(std::span<char> buffer, via_parts const& via,
                         std::span<extra_field const> fields) const override {
    return write_retry(buffer, old_, {via, cseq_, fields, false, contact_});
  }

 private:
  message const& old_;
  std::uint32_t cseq_;
  std::string_view contact_;
};

template <endpoint_size Size, class Traits>
class call_sender : public call_wording<Size, Traits> {
  using base = call_wording<Size, Traits>;

 protected:
  using base::adds_fields;
  using base::answers_challenges;
  using base::awaits_first_ack;
  using base::awaits_prack;
  using base::base;
  using base::call_of;
  using base::contact_for;
  using base::content_of;
  using base::counts_;
  using base::credentials_;
  using base::element;
  using base::exchange_dialogs;
  using base::forget_asked;
  using base::has_unacknowledged;
  using base::index_of;
  using base::is_session;
  using base::is_sips;
  using base::knows_100rel;
  using base::knows_preconditions;
  using base::layer_;
  using base::live_calls_;
  using base::message_of;
  using base::min_se_;
  using base::modifies_sessions;
  using base::most_tries;
  using base::next_cseq;
  using base::next_fork;
  using base::no_call;
  using base::no_owner;
  using base::refresh_message;
  using base::release;
  using base::release_family;
  using base::request_of;
  using base::requests_given_up_;
  using base::response_of;
  using base::retries_modify;
  using base::schedule;
  using base::seen_message;
  using base::session_of;
  using base::step;
  using base::step_sent;
  using base::supported_;
  using base::tell;
  using base::timers;
  using base::waits_to_modify;
  using base::wanted_of;
  using typename base::act;
  using typename base::call_record;
  using typename base::call_rules;
  using typename base::credentials_of_call;
  using typename base::credentials_type;
  using typename base::dialog_parts_view;

  constexpr sending ask(call_record& c, act what, instant now) {
    return ask(c, what, message_of(c, what), now);
  }
  constexpr sending ask(call_record& c, act what, call_message const& wanted, instant now) {
    sending result{sending::gone};
    bool tried = false;
    rules_at<call_rules> rules{c.rules, now, timers()};
    auto const became = c.wishes.ask(what, rules, wanted, [&](act a, call_message const& said) {
      tried = true;
      result = perform(c, a, said, now);
      return result == sending::sent;
    });
    if (became == act_result::deferred && !tried) result = sending::deferred;
    if (became == act_result::deferred && tried) {
      if (result == sending::full)
        result = sending::deferred;
      else
        c.wishes.drop(what);
    }
    schedule(c);
    return result;
  }
  // What was told to wait and is allowed by now.
  constexpr void drain(call_record& c, instant now) {
    if (c.wishes.empty()) return;
    std::uint32_t const generation = c.generation;
    bool const modify_waits = awaits_first_ack(c) && c.wishes.has(act::modify);
    if (modify_waits) c.wishes.drop(act::modify);
    bool const ring_waits = knows_100rel && c.wishes.has(act::ring) && awaits_prack(c);
    if (ring_waits) c.wishes.drop(act::ring);
    bool const modifies = modifies_sessions && c.wishes.has(act::modify);
    bool modify_sent = false;
    std::uint32_t unwritable = 0;
    rules_at<call_rules> rules{c.rules, now, timers()};
    (void)c.wishes.drain(
        rules, [&](act a) { return message_of(c, a); },
        [&](act a, call_message const& said) {
          auto const result = perform(c, a, said, now);
          if (result != sending::sent && result != sending::full)
            unwritable |= 1u << static_cast<unsigned>(a);
          modify_sent = modify_sent || (a == act::modify && result == sending::sent);
          return result == sending::sent;
        });
    if (c.generation != generation) return;
    if (modify_waits && is_session(c)) c.wishes.keep(act::modify);
    if (ring_waits && c.phase == call_phase::incoming) c.wishes.keep(act::ring);
    for (std::size_t i = 0; i < user_acts::act_count; ++i)
      if (unwritable >> i & 1u) c.wishes.drop(static_cast<act>(i));
    if (unwritable >> static_cast<unsigned>(act::answer) & 1u) {
      (void)refuse(c, 500, now);
      return finish(c, user_event_kind::failed, now, status_of_transport_error);
    }
    if (modifies && !modify_sent && !c.wishes.has(act::modify))
      lose_modification(c, now, unwritable ? 0 : 491);
    schedule(c);
  }

  constexpr sending perform(call_record& c, act a, call_message const& said, instant now) {
    sending result{};
    switch (a) {
    case act::cancel: result = send_cancel(c, said, now); break;
    case act::ring:
      if constexpr (knows_100rel) result = send_provisional(c, said, wanted_of(c), now);
      break;
    case act::answer: {
      auto const session = wanted_of(c);
      bool const bare = said.content == content::none && content_of(session) != content::none;
      result = send_success(c, c.invite, said, bare ? message_body{} : session, now);
      break;
    }
    case act::modify:
    case act::refresh:
      if constexpr (modifies_sessions) result = send_modification(c, a, said, now);
      break;
    case act::retract:
      if constexpr (modifies_sessions) result = cancel(c, c.modification.reinvite, now);
      break;
    case act::bye: result = send_bye(c, said, now); break;
    }
    // What a user wants must not be lost because no transaction was free.
    if (result == sending::full) c.retry = now + timers().t1;
    return result;
  }

  // Sends a message of a call, a request if it has no status code, by `send(fields)`: these header
  // fields and those that its user adds. Without his, where they do not fit, goes what has to go.
  template <class Send>
  constexpr sending with_user_fields(call_record& c, method m, status_code status,
                                     std::span<extra_field const> fields, Send send) {
    if constexpr (adds_fields) {
      auto const& own = call_of(c).data.header_fields(m, status);
      field_list all{fields};
      auto const result = all.add(own) ? send(all.all()) : sending{sending::unwritable};
      bool const must_go = status >= 300 || ends_or_acknowledges(m);
      if (result != sending::unwritable || !must_go) return result;
    }
    return send(fields);
  }
  static constexpr bool ends_or_acknowledges(method m) {
    return m == method::ack || m == method::prack || m == method::cancel || m == method::bye;
  }

  // A request with these header fields and the credentials.
  constexpr sending send_with(credentials_of_call& credentials, std::uint32_t owner, method m,
                              hop const& to, std::span<extra_field const> fields, instant now,
                              transaction_handle& started, fields_text const& text) {
    if constexpr (!answers_challenges) {
      (void)credentials;
      return layer_.send_request(
          m, to.to, to.over, now, owner,
          [&](std::span<char> buffer, via_parts const& via) {
            return text.write(buffer, via, fields);
          },
          &started);
    } else {
      typename credentials_type::told_request said{};
      auto const result = layer_.send_request(
          m, to.to, to.over, now, owner,
          [&](std::span<char> buffer, via_parts const& via) {
            return credentials.write(credentials_, buffer, layer_.parts_buffer(), fields,
                                     layer_.identifiers(), said,
                                     [&](std::span<char> out, std::span<extra_field const> all) {
                                       return text.write(out, via, all);
                                     });
          },
          &started);
      if (result == sending::sent) credentials.sent(said);
      return result;
    }
  }
  // The same of a call.
  constexpr sending send_request(call_record& c, method m, hop const& to,
                                 std::span<extra_field const> fields, instant now,
                                 transaction_handle& started, fields_text const& text) {
    return send_with(credentials_of(c), index_of(c), m, to, fields, now, started, text);
  }
  constexpr credentials_of_call& credentials_of(call_record& c) { return call_of(c).credentials; }
  // Whether the INVITE of a call, which its dialogs share, may have credentials.
  constexpr bool may_sign(call_record const& c) const { return call_of(c).may_sign; }
  // Whether a request is to be sent again because of this response (8.1.3.5, 22.2, 22.3).
  constexpr bool asks_again(credentials_of_call& credentials, arrival const& a) {
    if constexpr (answers_challenges) {
      return is_final(a.message.status()) &&
             credentials.take(credentials_, a.message, layer_.request(a.transaction));
    } else {
      (void)credentials, (void)a;
      return false;
    }
  }
  constexpr bool asks_again(call_record& c, arrival const& a) {
    return asks_again(credentials_of(c), a);
  }

  constexpr void add_capabilities(field_list& fields) const {
    fields.add("Allow", element().own.allow);
    fields.add("Supported", element().own.supported);
  }
  // RFC 4028 7.1: "A UAC that supports the session timer extension defined here MUST include a
  // Supported header field in each request (except ACK)".
  constexpr std::span<extra_field const> supported() const {
    return {&supported_, supported_.value.empty() ? std::size_t{0} : std::size_t{1}};
  }
  // What the rules were told of the session timer, as header fields.
  static constexpr void add_timer(field_list& fields, call_message const& said) {
    if (said.session_expires != 0)
      fields.add("Session-Expires", said.session_expires,
                 said.refresher == refresher::uac   ? ";refresher=uac"
                 : said.refresher == refresher::uas ? ";refresher=uas"
                                                    : "");
    if (said.min_se != 0) fields.add("Min-SE", said.min_se);
  }

  // "An offerer MUST include this tag in the Require header field if the offer contains one or more
  // "mandatory" strength-tags." (RFC 3312 11)
  static constexpr void add_precondition(field_list& fields, content offer) {
    if (knows_preconditions && (offer == content::sdp_unmet || offer == content::sdp_met))
      fields.add("Require", "precondition");
  }
  // The same of a response, which has an offer if the INVITE had none.
  constexpr void add_precondition(field_list& fields, call_record const& c,
                                  message_body const& body) const {
    if (knows_preconditions &&
        c.rules.rules().template is<offer_answer>(offer_answer::state::received_offerless))
      add_precondition(fields, content_of(body));
  }

  constexpr sending send_invite(call_record& c, outgoing_call const& out, instant now) {
    call_message const said = refresh_message(c, method::invite, content_of(out.offer));
    if (c.rules.rules().judge(said).refused()) return sending::refused;
    field_list fields;
    add_capabilities(fields);
    add_precondition(fields, said.content);
    add_timer(fields, said);
    if (out.expires != 0) fields.add("Expires", out.expires);
    if (!fields.add(out.extra)) return sending::unwritable;
    c.may_sign = adds_fields || !out.extra.empty();
    identifier const call_id = layer_.identifiers().token();
    request_parts r;
    r.method = method::invite;
    r.target = out.target;
    r.route_set = out.route_set;
    r.from = {out.from, c.local_tag.view(), out.from_name};
    r.to = {out.target, {}, {}};
    r.call_id = call_id.view();
    r.cseq = said.cseq;
    r.contact = c.contact;
    r.content = out.offer;
    auto const result =
        with_user_fields(c, method::invite, 0, fields.all(), [&](std::span<extra_field const> all) {
          return send_request(c, method::invite, {c.peer, c.over}, all, now, c.invite,
                              composed_request{r});
        });
    if (result == sending::sent) invite_sent(c, said, out.expires, now);
    return result;
  }
  constexpr void invite_sent(call_record& c, call_message const& said, std::uint32_t expires,
                             instant now) {
    c.invite_cseq = said.cseq;
    c.has_given_up = {};
    (void)step(c, said, now);
    if (expires != 0) c.rules.arm(timer::invite_expires, {std::int64_t{expires} * 1000}, now);
    schedule(c);
  }
  static constexpr std::uint32_t expires_of(message const& invite) {
    return seconds_view{invite[header::expires]}.seconds().clipped_or(0);
  }
  // Another early dialog becomes the call's: what the user wanted and was asked in the one before
  // is over, and of ours the other side has what the INVITE offers.
  constexpr void leave_session(call_record& c, instant now) {
    if constexpr (modifies_sessions) {
      auto const& m = c.modification;
      if ((m.update && m.update_act == act::modify) || retries_modify(c))
        tell(user_event_kind::unmodified, c);
      forget_retry(c);
    }
    refuse_pending(c, now);
    (void)c.session.keep(body_of(layer_.request(c.invite)));
  }
  static constexpr void forget_dialog(call_record& c) {
    if constexpr (modifies_sessions) c.modification.update = {};
    c.dialog.clear();
    c.target.clear();
    c.pracks = {};
  }
  // The dialogs of an INVITE that has failed, and is sent once more.
  constexpr void forget_dialogs(call_record& c, instant now) {
    leave_session(c, now);
    release_family(c);
    forget_dialog(c);
  }
  // One dialog of an INVITE is over. False if no other is left, so that the call is to end.
  constexpr bool leave_dialog(call_record& c, instant now) {
    if (!c.is_fork && (c.phase != call_phase::calling || c.family == no_call)) return false;
    call_record& left = c.is_fork ? c : *next_fork(c);
    if (!c.is_fork) {
      leave_session(c, now);
      exchange_dialogs(c, left);
    }
    release(left);
    schedule(c);
    return true;
  }
  // Of another dialog of our INVITE the rules are those of the first as far as it had come without
  // a dialog (dialog/forking.hpp): sent, answered by a 1xx, perhaps cancelled. The INVITE expires
  // in each of them, since any may be the last that is left.
  constexpr void begin_rules(call_record& d, call_record const& of, instant now) {
    instant const expires = of.rules.deadline(timer::invite_expires);
    d.rules = {};
    (void)step(d, sent_invite_of(of), now);
    call_message said = trying(of);
    // It may be one that was given up, which had rung, and had as many requests as any.
    if constexpr (call_record::asks_early)
      if (of.has_given_up) said.event.status = 183, said.event.marks = mark::to_tag;
    (void)step(d, said, now);
    said.event = request_event(direction::sent, method::cancel);
    if (of.cancelled) (void)step(d, said, now);
    if constexpr (call_record::asks_early)
      if (of.has_given_up) {
        said.event = request_event(direction::sent, method::options, mark::to_tag);
        said.cseq += requests_given_up_;
        (void)step(d, said, now);
      }
    if (!expires.is_never()) d.rules.arm(timer::invite_expires, expires - now, now);
  }
  constexpr call_message sent_invite_of(call_record const& c) const {
    return seen_message(layer_.request(c.invite), direction::sent);
  }
  // What any 1xx to our INVITE is to the dialogs that it does not name.
  static constexpr call_message trying(call_record const& c) {
    call_message said;
    said.event = response_event(direction::received, 100, method::invite);
    said.cseq = c.invite_cseq;
    return said;
  }
  // With what a 422 or a challenge wants (RFC 4028 7.3, RFC 3261 8.1.3.5).
  constexpr bool send_invite_again(call_record& c, transaction_handle refused, instant now) {
    if (++c.tries > most_tries) return false;
    forget_dialogs(c, now);
    message const old = layer_.request(refused);
    call_message const said = refresh_message(c, method::invite, content_of(body_of(old)));
    if (c.rules.rules().judge(said).refused()) return false;
    field_list fields;
    add_timer(fields, said);
    c.may_sign = c.may_sign || answers_challenges;
    auto const result = send_request(c, method::invite, {c.peer, c.over}, fields.all(), now,
                                     c.invite, repeated_request{old, said.cseq, c.contact});
    if (result == sending::sent) invite_sent(c, said, expires_of(old), now);
    return result == sending::sent;
  }
  // To the next hop of a list. "When a failure occurs, the client SHOULD create a new request,
  // which is identical to the previous, but has a different value of the Via branch ID than the
  // previous (and therefore constitutes a new SIP transaction). That request is sent to the next
  // element in the list" (RFC 3263 4.3). False if all have failed.
  constexpr bool send_to_next_hop(std::span<address const>& hops, transaction_handle failed,
                                  std::uint32_t owner, transport over, address& peer,
                                  transaction_handle& started, instant now,
                                  std::string_view contact = {}) {
    message const old = layer_.request(failed);
    while (!hops.empty()) {
      peer = hops.front();
      hops = hops.subspan(1);
      auto const result = layer_.send_request(
          old.method(), peer, over, now, owner,
          [&](std::span<char> buffer, via_parts const& via) {
            return write_retry(buffer, old, {via, old.cseq().number, {}, true, contact});
          },
          &started);
      if (result == sending::sent) return true;
    }
    return false;
  }
  // The rules begin anew with another server: what the one before has said counts no more.
  constexpr bool invite_next_hop(call_record& c, transaction_handle failed, instant now) {
    if (c.cancelled || c.end_told || c.wishes.has(act::cancel) || c.other_hops.empty())
      return false;
    if (!send_to_next_hop(c.other_hops, failed, index_of(c), c.over, c.peer, c.invite, now,
                          c.contact))
      return false;
    forget_dialogs(c, now);
    c.rules = {};
    invite_sent(c, sent_invite_of(c), expires_of(layer_.request(c.invite)), now);
    return true;
  }

  // A response to their first INVITE, other than 2xx.
  constexpr sending send_provisional(call_record& c, call_message const& said,
                                     message_body const& body, instant now) {
    bool const reliable = knows_100rel && said.event.has(mark::reliable);
    field_list fields;
    if (reliable) {
      fields.add("Require", "100rel");
      fields.add("RSeq", said.rseq);
      // RFC 3311 4: the caller may have to know before the 2xx whether it can send an UPDATE.
      add_capabilities(fields);
      add_precondition(fields, c, body);
    }
    response_parts r;
    r.status = said.event.status;
    r.to_tag = c.local_tag.view();
    r.contact = c.contact;
    r.extra = fields.all();
    r.content = body;
    auto const result = respond_in(c, c.invite, method::invite, r, now);
    if (result != sending::sent) return result;
    c.told_status = said.event.status;
    if (reliable && has_sdp(said.content)) (void)c.session.keep(body);
    return result;
  }
  // A final response that ends a call. When it does not fit, the call ends in silence: nobody may
  // keep transactions by requests that are too large to be answered.
  constexpr sending refuse(call_record& c, status_code status, instant now,
                           call_rejection const& with = {}) {
    refuse_pending(c, now);
    call_message const said = response_of(status, method::invite, c.invite_cseq);
    if (c.rules.rules().judge(said).refused()) return sending::refused;
    response_parts r;
    r.status = status;
    r.to_tag = c.local_tag.view();
    r.contact = with.contact;
    r.extra = with.extra;
    r.content = with.content;
    auto const result = respond_in(c, c.invite, method::invite, r, now);
    if (result == sending::sent)
      (void)step(c, said, now);
    else
      layer_.abandon(c.invite);
    return result;
  }

  // The 200 to a request that changes the session or may do so.
  constexpr sending send_success(call_record& c, transaction_handle answered,
                                 call_message const& said, message_body const& body, instant now) {
    bool const refreshes = said.event.method != method::prack;
    field_list fields;
    if (refreshes) {
      add_capabilities(fields);
      add_timer(fields, said);
      // RFC 4028 9: with "uac", "the UAS MUST place a Require header field into the response with
      // the value 'timer'"; with "uas" it SHOULD, if the UAC supports it.
      if (said.session_expires != 0 && said.supports_timer) fields.add("Require", "timer");
      if (answered == c.invite) add_precondition(fields, c, body);
    }
    response_parts r;
    r.status = 200;
    r.to_tag = c.local_tag.view();
    if (refreshes) r.contact = c.contact;
    r.extra = fields.all();
    r.content = body;
    auto const result = respond_in(c, answered, said.event.method, r, now);
    if (result != sending::sent) return result;
    if (refreshes && answered != c.invite) replace_target(c, layer_.request(answered));
    if (has_sdp(said.content)) keep_session(c, body);
    if (said.event.method != method::invite) return result;
    if (c.phase == call_phase::incoming) c.phase = call_phase::accepted;
    c.accepted = answered;
    c.accepted_cseq = said.cseq;
    c.success = {};
    // The first of them has just been sent; the machine sends the others.
    (void)c.success.process(success_retransmission::symbol::success_from_tu, now, c.over, timers());
    return result;
  }
  // What repeats ours is kept already, and perhaps in a body that has more.
  static constexpr void keep_session(call_record& c, message_body const& body) {
    if (body.body.data() != session_of(c).body.data()) (void)c.session.keep(body);
  }
  // 12.2.1.2, RFC 6141 4.6: "the UA MUST replace the dialog's remote target URI with the URI from
  // the Contact header field".
  static constexpr void replace_target(call_record& c, message const& m) {
    std::string_view const uri = m.contact().uri();
    if (!uri.empty() && uri_view{uri}.well_formed()) (void)c.target.keep(uri);
  }

  // A response in a call.
  constexpr sending respond_in(call_record& c, transaction_handle h, method m, response_parts& r,
                               instant now) {
    return with_user_fields(c, m, r.status, r.extra, [&](std::span<extra_field const> all) {
      r.extra = all;
      return layer_.respond(h, r, now);
    });
  }

  // Answers a request, of a call if there is one.
  constexpr void reply(arrival const& a, status_code status, instant now, call_record* c = nullptr,
                       bool retry_after = false) {
    counts_.no_dialog += status == 481;
    if (!a.transaction) return layer_.answer(a, status);
    identifier const tag = layer_.identifiers().token();
    capabilities const& own = element().own;
    field_list fields;
    response_parts r;
    r.status = status;
    r.to_tag = c ? c->local_tag.view() : tag.view();
    if (status == 405) fields.add("Allow", own.allow);
    // "MUST include a Retry-After header field with a randomly chosen value of between 0 and 10
    // seconds" (14.2).
    if (status == 500 && (retry_after || a.message.method() == method::invite))
      fields.add("Retry-After",
                 static_cast<std::uint32_t>(
                     retry_after_window().pick(layer_.identifiers().draw()).count / 1000));
    if (status == 422) fields.add("Min-SE", min_se_);
    // 11.2: what an OPTIONS asks for.
    if (a.message.method() == method::options && is_success(status)) {
      r.contact = contact_for(is_sips(a.message.request_uri()));
      fields.add("Allow", own.allow);
      fields.add("Accept", own.accept);
      fields.add("Accept-Encoding", own.accept_encoding);
      fields.add("Supported", own.supported);
    }
    auto const answer = [&](std::span<extra_field const> all) {
      r.extra = all;
      return layer_.respond(a.transaction, a.message, r, now);
    };
    method const m = a.message.method();
    auto const result =
        c ? with_user_fields(*c, m, status, fields.all(), answer) : answer(fields.all());
    if (result != sending::sent && answer({}) != sending::sent) layer_.abandon(a.transaction);
  }
  // The same to a request within a dialog; its rules see it.
  constexpr void reply_in(call_record& c, arrival const& a, status_code status, instant now,
                          bool retry_after = false) {
    reply(a, status, now, &c, retry_after);
    call_message said = response_of(status, a.message.method(), a.message.cseq().number);
    said.retry_after = status == 500 && (retry_after || said.event.method == method::invite);
    if (status == 422) said.min_se = min_se_;
    (void)step(c, said, now);
  }

  constexpr sending cancel(call_record& c, transaction_handle invite, instant now) {
    return with_user_fields(c, method::cancel, 0, {}, [&](std::span<extra_field const> all) {
      return layer_.send_cancel(invite, now, no_owner, all);
    });
  }
  constexpr sending send_cancel(call_record& c, call_message const& said, instant now) {
    auto const result = cancel(c, c.invite, now);
    if (result != sending::sent) return result;
    c.cancelled = true;
    // It is for every dialog that the INVITE has made.
    for (call_record* d = next_fork(c); d; d = next_fork(*d)) {
      (void)step(*d, said, now);
      schedule(*d);
    }
    return result;
  }

  // A request within the dialog.
  constexpr sending send_in_dialog(call_record& c, in_dialog_parts const& r,
                                   std::span<extra_field const> fields, instant now,
                                   transaction_handle& started, rack_parts const* rack = nullptr) {
    dialog_parts_view const view{c.dialog.parts(), c.local_tag.view(), c.target.view()};
    request_parts all = in_dialog(view.parts, r);
    hop const to = view.next_hop({c.peer, c.over});
    return with_user_fields(c, r.method, 0, fields, [&](std::span<extra_field const> every) {
      return send_request(c, r.method, to, every, now, started, composed_request{all, rack});
    });
  }
  constexpr sending send_bye(call_record& c, call_message const& said, instant now) {
    in_dialog_parts r;
    r.method = method::bye;
    r.cseq = said.cseq;
    auto const result = send_in_dialog(c, r, supported(), now, c.bye);
    if (result == sending::full) return result;
    if (result == sending::sent) {
      refuse_pending(c, now);
      c.phase = call_phase::ending;
      c.retry = instant::never();
      forget_retry(c);
      schedule(c);
    } else {
      // The other side's route set or target does not fit a message or breaks its grammar.
      finish(c, user_event_kind::failed, now, status_of_transport_error);
    }
    return result;
  }
  constexpr sending send_modification(call_record& c, act a, call_message const& said,
                                      instant now) {
    method const m = said.event.method;
    field_list fields;
    add_capabilities(fields);
    add_precondition(fields, said.content);
    add_timer(fields, said);
    in_dialog_parts r;
    r.method = m;
    r.cseq = said.cseq;
    r.contact = c.contact;
    if (has_sdp(said.content)) r.content = a == act::modify ? c.wanted.view() : session_of(c);
    transaction_handle started{};
    auto const result = send_in_dialog(c, r, fields.all(), now, started);
    if (result != sending::sent) return result;
    auto& open = c.modification;
    open.sent = now;
    if (m == method::invite) {
      open.reinvite = started;
      open.reinvite_act = a;
      open.reinvite_open = true;
      open.retracted = open.answered = false;
    } else {
      open.update = started;
      open.update_act = a;
    }
    return result;
  }
  static constexpr void forget_retry(call_record& c) {
    if constexpr (modifies_sessions) c.modification.retry = instant::never();
  }
  // What the user wants is not to be. A refresh whose place it has taken is still due: "only a 2xx
  // response to a session refresh request extends the session expiration" (RFC 4028 10). No 491
  // asks for a longer wait before it (14.1).
  constexpr void lose_modification(call_record& c, instant now, status_code status = 0,
                                   message const& m = no_message) {
    tell(user_event_kind::unmodified, c, status, m);
    refresh_if_due(c, now);
  }
  constexpr void refresh_if_due(call_record& c, instant now) {
    if constexpr (modifies_sessions) {
      using timer_state = session_timer::state;
      auto& m = c.modification;
      bool const due = c.rules.rules().template is<session_timer>(timer_state::refreshing) &&
                       is_session(c) && !c.rules.is_armed(timer::session_refresh) &&
                       !c.wishes.has(act::bye) && !c.wishes.has(act::refresh) && !m.update &&
                       !m.reinvite_open;
      if (!due) return forget_retry(c);
      if (m.retry.is_never()) m.retry = now + milliseconds{4000};
      m.retry_act = act::refresh;
      c.tries = 0;
    }
  }
  // The PRACK that is due first (RFC 3262 4).
  constexpr sending send_prack(call_record& c, message_body const& body, instant now) {
    call_message said = request_of(method::prack, next_cseq(c), mark::to_tag, content_of(body));
    said.rack = c.pracks.rseq[0];
    said.rack_cseq = c.pracks.cseq[0];
    if (c.rules.rules().judge(said).refused()) return sending::refused;
    in_dialog_parts r;
    r.method = method::prack;
    r.cseq = said.cseq;
    r.content = body;
    rack_parts rack;
    rack.rseq = said.rack;
    rack.cseq = said.rack_cseq;
    transaction_handle started{};
    auto const result = send_in_dialog(c, r, supported(), now, started, &rack);
    if (result == sending::full) c.retry = now + timers().t1;
    if (result != sending::sent) return result;
    c.pracks.earlier = c.pracks.sent;
    c.pracks.sent = started;
    drop_prack(c);
    (void)step(c, said, now);
    return result;
  }
  static constexpr void drop_prack(call_record& c) {
    prack_record& p = c.pracks;
    p.rseq[0] = p.rseq[1];
    p.cseq[0] = p.cseq[1];
    p.repeats = false;
    --p.due;
  }
  // One that was challenged is due again, before the others, with the answer that it had.
  constexpr void owe_prack_again(call_record& c, message const& request) {
    prack_record& p = c.pracks;
    if (p.asks || p.due == std::size(p.rseq)) return;
    rack_view const rack{request[header::rack]};
    p.rseq[1] = p.rseq[0];
    p.cseq[1] = p.cseq[0];
    p.rseq[0] = rack.rseq;
    p.cseq[0] = rack.cseq.number;
    p.repeats = !request.body().empty();
    ++p.due;
  }
  constexpr void send_pracks(call_record& c, instant now) {
    if constexpr (knows_100rel)
      while (c.pracks.due && !c.pracks.asks) {
        auto const result =
            send_prack(c, c.pracks.repeats ? c.session.view() : message_body{}, now);
        if (result == sending::full) return;
        if (result != sending::sent) drop_prack(c);
      }
  }

  // The ACK to the 2xx of an INVITE of ours, the same each time (13.2.2.4): with the answer, at
  // first this one, if it has an offer. False if it cannot be written.
  constexpr bool acknowledge(call_record& c, transaction_handle answered, instant now, bool again,
                             message_body const& answer = {}) {
    dialog_parts_view const view{c.dialog.parts(), c.local_tag.view(), c.target.view()};
    // Of the INVITE the ACK has the number and the credentials (13.2.2.4).
    bool const is_first = answered == c.invite && !may_sign(c);
    message const invite = is_first ? message{} : layer_.request(answered);
    auto const cseq = is_first ? c.invite_cseq : invite.cseq().number;
    if (cseq != c.acked_cseq) {
      c.ack_branch = layer_.identifiers().branch();
      c.acked_cseq = cseq;
    }
    in_dialog_parts r;
    r.method = method::ack;
    r.content = again && c.ack_answers == cseq ? c.session.view() : answer;
    bool const answers = !r.content.body.empty();
    hop const to = view.next_hop({c.peer, c.over});
    r.via = {to.over, element().sent_by, c.ack_branch.view(), true};
    r.cseq = cseq;
    request_parts all = in_dialog(view.parts, r);
    auto const result =
        with_user_fields(c, method::ack, 0, {}, [&](std::span<extra_field const> every) {
          all.extra = every;
          writer const w = write_request(layer_.buffer(), all, {nullptr, &invite});
          if (w.ok()) layer_.send_directly(w.text(), to.to, to.over);
          return w.ok() ? sending{sending::sent} : sending{sending::unwritable};
        });
    if (result != sending::sent) return false;
    call_message said =
        request_of(method::ack, cseq, mark::to_tag, answers ? content::sdp : content::none);
    said.again = again;
    // Choice 1: the usage is acknowledged all the same.
    if (step(c, said, now).refused()) {
      said.content = content::unspecified;
      (void)step(c, said, now);
    }
    return true;
  }
  // The ACK that has waited for the user's answer to the offer in the 2xx; without it the call must
  // end. "If the 2xx response contains an offer, the ACK MUST carry an answer in its body"
  // (13.2.2.4).
  constexpr bool acknowledge_late(call_record& c, message_body const& answer, instant now) {
    transaction_handle answered = c.invite;
    if constexpr (modifies_sessions)
      if (c.modification.reinvite) answered = c.modification.reinvite;
    if (!acknowledge(c, answered, now, false, answer)) return false;
    if (!answer.body.empty() && c.session.keep(answer)) c.ack_answers = c.acked_cseq;
    c.ack_asks = false;
    c.patience = instant::never();
    return true;
  }
  constexpr sending refuse_asked(call_record& c, status_code status, instant now) {
    auto const asked = c.modification.asked;
    method const m = c.modification.asked_method;
    response_parts r;
    r.status = status;
    r.to_tag = c.local_tag.view();
    forget_asked(c);
    auto const result = respond_in(c, asked, m, r, now);
    if (result != sending::sent) layer_.abandon(asked);
    (void)step_sent(c, status, m, c.modification.asked_cseq, now);
    drain(c, now);
    schedule(c);
    return result;
  }
  // "The UAS MUST still respond to any pending requests received for that dialog. It is RECOMMENDED
  // that a 487 (Request Terminated) response be generated" (15.1.2).
  constexpr void refuse_pending(call_record& c, instant now) {
    if constexpr (modifies_sessions) {
      auto const asked = c.modification.asked;
      if (!asked) return;
      response_parts r;
      r.status = 487;
      if (layer_.alive(asked) &&
          respond_in(c, asked, c.modification.asked_method, r, now) != sending::sent)
        layer_.abandon(asked);
      forget_asked(c);
    }
  }
  static constexpr void owe_prack(call_record& c, call_message const& said) {
    prack_record& p = c.pracks;
    // Of one INVITE there are two at most (reliable_provisional.hpp, choice 2), and the first one
    // is of the INVITE before.
    if (p.due == std::size(p.rseq)) drop_prack(c);
    p.rseq[p.due] = said.rseq;
    p.cseq[p.due++] = said.cseq;
  }
  // What is to wait for our response to their INVITE. A modification that waits has the place: it
  // keeps it if nothing else is to be said. Whether it fits.
  constexpr bool keep_wanted(call_record& c, message_body const& body, instant now) {
    if (waits_to_modify(c)) {
      if (body.body.empty()) return true;
      c.wishes.drop(act::modify);
      lose_modification(c, now);
    }
    return c.wanted.keep(body);
  }
  // What has collided is tried again after a wait; what the user has wanted since then comes first.
  // In a dialog that another one has taken the call from, nothing is.
  constexpr bool wait_to_retry(call_record& c, arrival const& a, act what, milliseconds wait,
                               instant now) {
    if (c.is_fork || !is_session(c) || c.wishes.has(act::bye) || ++c.tries > most_tries)
      return false;
    bool const responds = c.wishes.has(act::ring) || c.wishes.has(act::answer);
    if (what == act::modify && responds && !c.wanted.empty()) return false;
    if (what == act::modify && !c.wishes.has(act::modify) &&
        !c.wanted.keep(body_of(layer_.request(a.transaction))))
      return false;
    if (c.wishes.has(act::modify)) {
      c.wishes.drop(act::modify);
      what = act::modify;
    }
    auto& m = c.modification;
    if (m.retry.is_never() || m.retry_act == act::refresh) m.retry_act = what;
    m.retry = now + wait;
    return true;
  }

  // The session is over. A caller's record stays to acknowledge a late 2xx once more, and that of
  // who has sent a BYE as long as its transaction: theirs may cross it (RFC 5407 3.2.1). "If the
  // UAS does send a final response when reliable responses are still unacknowledged, [...] it MUST
  // be prepared to process PRACK requests for those outstanding responses." (RFC 3262 3)
  constexpr void finish(call_record& c, user_event_kind kind, instant now, status_code status = 0,
                        message const& m = no_message) {
    tell(kind, c, status, m);
    c.end_told = true;
    refuse_pending(c, now);
    // A re-INVITE of ours may still get its final response (15.1.2), which is to be acknowledged.
    if constexpr (modifies_sessions)
      if (c.modification.reinvite_open && layer_.alive(c.modification.reinvite))
        c.rules.arm(timer::ack_retransmission, 64 * timers().t1, now);
    bool const is_mortal = layer_.alive(c.bye);
    bool const may_be_pracked = c.phase == call_phase::incoming && has_unacknowledged(c);
    if (!is_mortal && !may_be_pracked && !c.rules.is_armed(timer::ack_retransmission))
      return release(c);
    for (unsigned t = 0; t < timer_count; ++t)
      if (static_cast<timer>(t) != timer::ack_retransmission) c.rules.disarm(static_cast<timer>(t));
    if (!c.is_fork) --live_calls_;
    c.phase = call_phase::lingering;
    c.wishes.clear();
    c.success = {};
    if constexpr (knows_100rel) c.pracks.due = 0;
    c.retry = instant::never();
    c.patience = is_mortal        ? now + timers().t4
                 : may_be_pracked ? now + 64 * timers().t1
                                  : instant::never();
    forget_retry(c);
    schedule(c);
  }
  // The other side is lost, or must not stay: the user is told, and the rest is silence.
  constexpr void give_up(call_record& c, status_code status, instant now,
                         message const& m = no_message) {
    tell(user_event_kind::failed, c, status, m);
    c.end_told = true;
    if (c.phase == call_phase::incoming) {
      (void)refuse(c, 480, now);
      return finish(c, user_event_kind::failed, now, status);
    }
    // A CANCEL of ours has its own end: the final response to the INVITE, or 64*T1.
    if (c.phase == call_phase::calling && c.cancelled) return;
    std::uint32_t const generation = c.generation;
    auto const result = c.phase == call_phase::calling ? ask(c, act::cancel, now) : end(c, now);
    if (result == sending::gone && c.generation == generation && is_session(c))
      finish(c, user_event_kind::failed, now, status);
  }
  constexpr sending end(call_record& c, instant now) {
    if (c.ack_asks && !acknowledge_late(c, {}, now)) {
      finish(c, user_event_kind::failed, now, status_of_transport_error);
      return sending::unwritable;
    }
    c.wishes.drop(act::modify);
    c.wishes.drop(act::refresh);
    c.wishes.drop(act::retract);
    forget_retry(c);
    return ask(c, act::bye, now);
  }
  // RFC 3261 12.2.1.2: "If the response for a request within a dialog is a 481
  // (Call/Transaction Does Not Exist) or a 408 (Request Timeout), the UAC SHOULD terminate the
  // dialog."
  constexpr bool end_if_lost(call_record& c, typename call_rules::step const& taken,
                             status_code status, instant now, message const& m) {
    auto const of_dialog = taken.template does<ctsip::dialog>();
    if (!of_dialog.has(ctsip::dialog::action::send_bye) &&
        !of_dialog.has(ctsip::dialog::action::end_dialog))
      return false;
    if (!leave_dialog(c, now) && c.phase != call_phase::ending) give_up(c, status, now, m);
    return true;
  }
};

} // namespace ctsip::detail
