// Forking: one INVITE, several dialogs, told apart by their To tags. RFC 3261 12.1, 13.2.2.4,
// RFC 6228. Read machine/composition.hpp and call_event.hpp before it.
//
// The INVITE makes the trunk: the rules as far as they have come without a dialog. The first
// response with a new tag makes a branch, a copy of the trunk that goes its own way from there. A
// final response other than 2xx ends all of them, since it ends their INVITE.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctsip/dialog/call_event.hpp>
#include <ctsip/machine/composition.hpp>

namespace ctsip {

/// What tells the dialogs of one call apart: a number that stands for the remote tag, such as its
/// hash. 0 stands for no tag.
using dialog_tag = std::uint32_t;

/// The products of all dialogs that one INVITE makes, `Branches` at most. `Rules` is a composition.
template <class Rules, std::size_t Branches>
class forking {
 public:
  static constexpr std::size_t capacity = Branches;
  static constexpr std::uint8_t trunk_index = 0xff;

  /// What a message did to the call.
  struct [[nodiscard]] step {
    typename Rules::step of_dialog{}; ///< of the dialog that refuses it, or of the one it is for
    std::uint8_t dialog{trunk_index}; ///< which dialog that is
    /// A response with a new tag found no room. A 1xx is to be dropped; a 2xx is to be acknowledged
    /// and its dialog released with a BYE, from the response alone (RFC 3261 13.2.2.4).
    bool no_room{};

    constexpr bool refused() const { return of_dialog.refused(); }
  };

  constexpr Rules const& trunk() const { return trunk_; }
  /// How many dialogs there are or were.
  constexpr std::size_t size() const { return count_; }
  constexpr Rules const& operator[](std::size_t i) const { return branches_[i].rules; }
  constexpr dialog_tag tag(std::size_t i) const { return branches_[i].tag; }
  /// The rules of one dialog, by the index in a step.
  constexpr Rules const& at(std::uint8_t dialog) const {
    return dialog < count_ ? branches_[dialog].rules : trunk_;
  }
  /// Index of the dialog with this tag, or `trunk_index`.
  constexpr std::uint8_t find(dialog_tag tag) const {
    for (std::uint8_t i = 0; i < count_; ++i)
      if (branches_[i].tag == tag) return i;
    return trunk_index;
  }

  /// What the message would do.
  constexpr step judge(call_message const& m, dialog_tag tag = 0) const {
    return step_of(where(m, tag), m, tag);
  }

  /// One step. If one dialog refuses, nothing happens to any.
  constexpr step process(call_message const& m, dialog_tag tag = 0) {
    auto const to = where(m, tag);
    if (to == destination::all) {
      step const result = step_of(to, m, tag);
      if (result.refused()) return result;
      (void)trunk_.process(m, returned);
      for (std::size_t i = 0; i < count_; ++i) (void)branches_[i].rules.process(m, returned);
      return result;
    }
    if (to == destination::trunk) {
      // A request within a dialog that is not there moves nothing (12.2.2).
      if (tag != 0 && m.event.what == occurrence::request && m.event.method != method::invite)
        return {trunk_.judge(m)};
      // The peer's INVITE begins another attempt only where the one before is over.
      bool const anew = begins_anew(m) && (m.event.way == direction::sent || trunk_.at_rest());
      step const result{trunk_.process(m, returned)};
      if (!result.refused() && anew) count_ = 0;
      return result;
    }
    std::uint8_t const at = to == destination::fresh ? count_ : find(tag);
    if (at == Branches) return step_of(to, m, tag);
    // What a re-INVITE comes to is no business of the INVITE's.
    bool const of_first = m.event.method == method::invite && to != destination::within;
    // A product that refuses has not moved: it need not be asked first.
    if (to == destination::fresh) branches_[at] = {tag, trunk_};
    step const result{branches_[at].rules.process(m, returned), at};
    if (result.refused()) return result;
    if (to == destination::fresh) ++count_;
    // The trunk has no dialog; that a provisional response came, it must know (9.1).
    if (of_first && is_provisional(m)) (void)trunk_.process(without_dialog(m), returned);
    // Its INVITE has failed: another attempt begins at the trunk.
    if (of_first && is_failure(m)) (void)trunk_.process(m, returned);
    return result;
  }

 private:
  static constexpr on_violation::report returned{};

  // `within`: to the branch, as what concerns a re-INVITE.
  enum class destination : std::uint8_t { trunk, branch, within, fresh, all };

  struct branch {
    dialog_tag tag{};
    Rules rules{};
  };

  static constexpr bool is_provisional(call_message const& m) {
    return m.event.is_response() && m.event.response_class() == 1;
  }
  static constexpr bool is_failure(call_message const& m) {
    return m.event.is_response() && m.event.method == method::invite &&
           m.event.response_class() > 2;
  }
  static constexpr bool begins_anew(call_message const& m) {
    return m.event.is_request(method::invite);
  }
  static constexpr call_message without_dialog(call_message m) {
    m.event.status = 100;
    m.event.marks = mark::none;
    m.rseq = 0;
    m.content = content::none;
    return m;
  }
  constexpr destination where(call_message const& m, dialog_tag tag) const {
    std::uint8_t const at = find(tag);
    bool const known = at != trunk_index;
    // The CANCEL of a re-INVITE has the To tag of its dialog (9.1); that of the INVITE has none.
    if (m.event.method == method::cancel)
      return of_reinvite(m, at) ? destination::within : destination::all;
    if (!m.event.is_response() || m.event.method != method::invite)
      return known ? destination::branch : destination::trunk;
    if (of_reinvite(m, at)) return destination::within;
    switch (m.event.response_class()) {
    case 1:
      if (m.event.status == 100 || tag == 0) return destination::trunk;
      [[fallthrough]];
    case 2: return known ? destination::branch : destination::fresh;
    default: break;
    }
    // A UAS speaks for its own dialog; what reaches the UAC speaks for the INVITE.
    if (m.event.way == direction::sent && known) return destination::branch;
    return count_ ? destination::all : destination::trunk;
  }

  // A response to an INVITE within that dialog, or a CANCEL of one: the dialog knows.
  constexpr bool of_reinvite(call_message m, std::uint8_t dialog) const {
    if (dialog == trunk_index) return false;
    if (m.event.method == method::cancel) {
      bool const sent = m.event.is_response() == (m.event.way == direction::sent);
      m.event = response_event(sent ? direction::sent : direction::received, 100, method::invite);
    }
    return m.event.is_response() &&
           branches_[dialog].rules.classify(m).subject == subject::reinvite;
  }

  constexpr step step_of(destination to, call_message const& m, dialog_tag tag) const {
    switch (to) {
    case destination::trunk: return {trunk_.judge(m)};
    case destination::fresh: return {trunk_.judge(m), count_, count_ == Branches};
    case destination::branch:
    case destination::within: {
      std::uint8_t const i = find(tag);
      return {branches_[i].rules.judge(m), i};
    }
    case destination::all: break;
    }
    // Where there are dialogs, they speak; the trunk follows.
    if (!count_) return {trunk_.judge(m)};
    step result{branches_[0].rules.judge(m), 0};
    for (std::uint8_t i = 1; i < count_ && !result.refused(); ++i)
      result = {branches_[i].rules.judge(m), i};
    return result;
  }

  Rules trunk_{};
  branch branches_[Branches]{};
  std::uint8_t count_{};
};

} // namespace ctsip
