// What lets an endpoint answer challenges in its calls: a look-up of the caller for passwords, and
// for each call what its 401 and 407 have asked for.
//
//   struct wallet { digest_login operator()(digest_question const&); };
//   struct traits : ctsip::endpoint_traits {
//     using credentials = ctsip::digest_credentials<my_hashes, wallet>;
//   };
//   ctsip::endpoint<size, traits> agent{settings, known};
//
// RFC 3261 8.1.3.5, 22. Read digest_client.hpp, registration/authentication.hpp and endpoint.hpp
// before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <ctsip/machine/composition.hpp>
#include <ctsip/message/registration_message.hpp>
#include <ctsip/registration/authentication.hpp>
#include <ctsip/user_agent/digest_client.hpp>

namespace ctsip {

/// The credentials of an endpoint that answers challenges by Digest. `LookUp` is the application's:
/// `digest_login operator()(digest_question const&)`. It is asked for each request and must outlive
/// this; nothing of what it says is kept.
///
/// Choices, where the RFCs leave one:
///  1. Challenges are remembered for a call with all dialogs that its INVITE makes: "it should
///     incorporate credentials for that realm in all subsequent requests that contain the same
///     Call-ID. These credentials MUST NOT be cached across dialogs" (RFC 3261 22.3).
///  2. A request that is challenged although another has been sent since, with credentials for
///     the same realm that it did not have, is sent again with those; its challenge is not kept,
///     and `authentication_rules` are not told of it. Of the others, `authentication` says how many
///     in a row are answered.
///  3. A challenge is answered if the look-up knows one of the realms that it names.
template <hash_suite Hashes, class LookUp, digest_size Size = digest_size{}>
class digest_credentials {
 public:
  constexpr digest_credentials(LookUp& look_up, digest_policy const& policy = {})
      : look_up_(&look_up), policy_(policy) {}

  /// The application's.
  constexpr LookUp& look_up() const { return *look_up_; }

  /// How many header fields it adds to a request.
  static constexpr std::size_t most_fields = Size.realms;

  /// A request as `authentication_rules` see it.
  using told_request = registration_message;

  /// What is remembered for one call.
  class of_call {
   public:
    /// Another call.
    constexpr void begin(digest_credentials const& own) {
      client_ = digest_client<Hashes, Size>{own.policy_};
      rules_ = {};
    }

    /// Writes a request by `write(buffer, fields)` with these header fields and the credentials.
    /// `texts` is where the credentials are put together. `said` is what the rules are to be told
    /// once it is sent. A request that breaks them is refused.
    template <class Write>
    constexpr writer write(digest_credentials const& own, std::span<char> buffer,
                           std::span<char> texts, std::span<extra_field const> fields,
                           identifier_source& ids, registration_message& said, Write write) {
      writer w = write(buffer, fields);
      if (!w.ok()) return w;
      if (client_.challenged()) {
        auto const found = client_.prepare(texts, request_in(w.text()), ids, *own.look_up_);
        extra_field all[most_other_fields + most_fields]{};
        std::size_t count = 0;
        bool const fits = fields.size() <= most_other_fields && found.error == write_error::none;
        if (fits) {
          for (extra_field const& f : fields) all[count++] = f;
          for (extra_field const& f : found.all()) all[count++] = f;
          w = write(buffer, std::span<extra_field const>{all, count});
        } else {
          w.refuse(write_error::overflow);
        }
        if (!w.ok()) return w;
      }
      said = registration_message_of(w.text(), direction::sent);
      if (rules_.judge(said).refused()) w.refuse(write_error::unfinished);
      return w;
    }
    /// Tells that what was written is sent.
    constexpr void sent(registration_message const& said) {
      if (client_.challenged()) client_.sent();
      (void)rules_.process(said, on_violation::report{});
    }

    /// Takes a final response to a request of the call. Whether that is to be sent again with
    /// credentials: "In all of the above cases, the request is retried by creating a new request
    /// with the appropriate modifications." (RFC 3261 8.1.3.5)
    constexpr bool take(digest_credentials const& own, message const& response,
                        message const& request) {
      registration_message said = registration_message_of(response, direction::received);
      bool answerable = false;
      if (response.status() == 401 || response.status() == 407) {
        auto const result = client_.take(response, request);
        answerable = (result == challenge_result::answerable || result == challenge_result::stale ||
                      result == challenge_result::outdated) &&
                     client_.is_known(*own.look_up_);
        if (result == challenge_result::outdated) return answerable;
        if (result != challenge_result::none)
          said.challenge =
              answerable ? challenge_support::acceptable : challenge_support::unsupported;
        // What is refused has been judged by realms (22.1, 22.3), and is not written again. The
        // rules know one nonce of all of them, and would refuse what another realm is content with.
        said.stale = true;
      } else if (response.status() != 403) {
        client_.succeeded(response, request);
      }
      auto const taken = rules_.process(said, on_violation::report{});
      if (answerable &&
          taken.template does<authentication>().has(authentication::action::answer_challenge))
        return true;
      client_.end_series();
      return false;
    }

   private:
    // What is digested of a request: of its text, which is ours and therefore well-formed.
    static constexpr digest_request request_in(std::string_view text) {
      std::string_view const end_of_head = "\r\n\r\n";
      std::size_t const method = text.find(' ');
      std::size_t const uri = text.find(' ', method + 1);
      return {text.substr(0, method), text.substr(method + 1, uri - method - 1),
              text.substr(text.find(end_of_head) + end_of_head.size())};
    }

    digest_client<Hashes, Size> client_{};
    authentication_rules rules_{};
  };

 private:
  static constexpr std::size_t most_other_fields = 16;

  LookUp* look_up_;
  digest_policy policy_;
};

} // namespace ctsip
