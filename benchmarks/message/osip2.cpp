// oSIP2 has one depth: it parses every header field that it knows, and the SIP body parts.
#include <cstdlib>

#include <osipparser2/osip_message.h>
#include <osipparser2/osip_parser.h>

#include "variant.hpp"

namespace bench {

namespace {

std::string_view text_of(char const* s) { return s ? s : std::string_view{}; }

std::string_view parameter(osip_list_t* list, char const* name) {
  osip_generic_param_t* found = nullptr;
  osip_generic_param_get_byname(list, const_cast<char*>(name), &found);
  return found ? text_of(found->gvalue) : std::string_view{};
}

struct osip2_reader {
  template <class Take>
  static void with_message(std::string_view text, Take take) {
    static bool const ready = parser_init() == 0;
    osip_message_t* m = nullptr;
    if (!ready || osip_message_init(&m) != 0) std::abort();
    take(m, osip_message_parse(m, text.data(), text.size()) == 0);
    osip_message_free(m);
  }

  template <class Take>
  static void classify(std::string_view text, Take take) {
    with_message(text, [&](osip_message_t* m, bool) {
      auto* const via = static_cast<osip_via_t*>(osip_list_get(&m->vias, 0));
      auto* const contact = static_cast<osip_contact_t*>(osip_list_get(&m->contacts, 0));
      // oSIP2 keeps a Call-ID in two parts, number and host.
      std::string_view const number = text_of(m->call_id->number);
      std::string_view const host = text_of(m->call_id->host);
      char call_id[256];
      number.copy(call_id, number.size());
      call_id[number.size()] = '@';
      host.copy(call_id + number.size() + 1, host.size());
      take({text_of(m->sip_method), m->status_code, parameter(&via->via_params, "branch"),
            parameter(&m->from->gen_params, "tag"), parameter(&m->to->gen_params, "tag"),
            std::string_view(call_id, number.size() + 1 + host.size()),
            static_cast<std::uint32_t>(std::strtoul(m->cseq->number, nullptr, 10)),
            text_of(m->cseq->method), contact ? text_of(contact->url->host) : std::string_view{},
            static_cast<std::uint32_t>(
                m->content_length ? std::strtoul(m->content_length->value, nullptr, 10) : 0)});
    });
  }

  static bool parse(std::string_view text) {
    bool right = false;
    with_message(text, [&](osip_message_t*, bool parsed) { right = parsed; });
    return right;
  }
};

message_variant<osip2_reader> const entered("oSIP2");

} // namespace

} // namespace bench
