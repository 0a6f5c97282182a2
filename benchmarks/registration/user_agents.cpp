// The library's registrant and registrar: text in, text out. The look-up of passwords is by text.
#include <ctsip/user_agent/registrant.hpp>
#include <ctsip/user_agent/registrar.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "variant.hpp"

namespace bench {

namespace {

// Costs next to nothing, so that the figures hold no hash.
struct length_for_hash {
  static constexpr std::size_t size = 16;
  std::size_t length{};

  void update(std::string_view text) { length += text.size(); }
  void finish(unsigned char* out) const {
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<unsigned char>(length);
  }
};
struct hashes {
  using md5 = length_for_hash;
  using sha_256 = ctsip::no_hash;
  using sha_512_256 = ctsip::no_hash;
};

constexpr std::string_view realm = "atlanta.example.com";
constexpr std::string_view user = "alice";
constexpr std::string_view password = "zanzibar";
constexpr ctsip::instant now{1000};

constexpr ctsip::address at(std::uint8_t last) {
  ctsip::address a{{192, 0, 2, last}};
  a.port = 5060;
  return a;
}
constexpr ctsip::address client = at(101);
constexpr ctsip::address server = at(201);

// One user among others.
struct passwords {
  ctsip::digest_login operator()(ctsip::digest_question const& q) const {
    for (auto const& [name, realm_of, secret] : rows)
      if (realm_of == q.realm && (q.username.empty() || q.username == name))
        return ctsip::digest_login::with_password(name, secret);
    return {};
  }

 private:
  struct row {
    std::string_view name, realm_of, secret;
  };
  row rows[2]{{"bob", "biloxi.example.com", "bluebell"}, {user, realm, password}};
};

struct registrant_of_the_library {
  using agent = ctsip::registrant<hashes, passwords>;

  static inline passwords known;
  static inline std::vector<agent> agents;
  static inline std::string challenge, success;

  static constexpr std::string_view contacts[1] = {
      "<sip:alice@client.atlanta.example.com:5060;transport=udp>"};
  static constexpr ctsip::address next_hops[1] = {server};
  static inline ctsip::outgoing_registration wanted;

  static agent make() {
    ctsip::registrant_settings s;
    s.element.seed = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
    s.element.sent_by = "client.atlanta.example.com:5060";
    return agent{s, known};
  }

  // All agents have one seed and therefore send the same, to which the responses are made once.
  static void prepare() {
    agents.clear();
    for (int i = 0; i < registrations_per_run; ++i) agents.push_back(make());
    if (!success.empty()) return;
    wanted.registrar = "sip:registrar.atlanta.example.com";
    wanted.address_of_record = "sip:alice@atlanta.example.com";
    wanted.contacts = contacts;
    wanted.next_hops = next_hops;
    agent a = make();
    ctsip::datagram d;
    if (!a.add(wanted, now) || !a.poll_transmit(d)) std::abort();
    challenge =
        respond(d.bytes, 401,
                "WWW-Authenticate: Digest realm=\"atlanta.example.com\", "
                "nonce=\"ea9c8e88df84f1cec4341ae6cbe5a359\", algorithm=MD5, qop=\"auth\"\r\n");
    a.receive(challenge, server, ctsip::transport::udp, now);
    if (!a.poll_transmit(d)) std::abort();
    success = respond(
        d.bytes, 200,
        "Contact: <sip:alice@client.atlanta.example.com:5060;transport=udp>;expires=3600\r\n");
  }
  // With one more header field.
  static std::string respond(std::string_view request, std::uint16_t status,
                             std::string_view line) {
    char buffer[1300];
    auto const w = ctsip::write_response(buffer, ctsip::read(request).value,
                                         {.status = status, .to_tag = "1410948204"});
    if (!w.ok()) std::abort();
    std::string text{buffer, w.size()};
    return text.insert(text.find("Content-Length"), line);
  }

  static void take(agent& a, registering& so_far) {
    for (ctsip::datagram d; a.poll_transmit(d);) {
      ++so_far.sent;
      so_far.written += d.bytes.size();
    }
    for (ctsip::registrant_event e; a.poll_event(e);)
      so_far.is_bound = e.kind == ctsip::registrant_event_kind::registered;
  }
  static registering run_one(int i) {
    registering so_far;
    agent& a = agents[static_cast<std::size_t>(i)];
    (void)a.add(wanted, now);
    take(a, so_far);
    for (auto const* const response : {&challenge, &success}) {
      a.receive(*response, server, ctsip::transport::udp, now);
      take(a, so_far);
    }
    return so_far;
  }
  static bool is_right(registering r) { return r.sent == 2 && r.is_bound; }
};

// A registrar with what it asks; its challenges are the same each time that it is made.
struct office {
  using bindings = ctsip::registrar_store<ctsip::registrar_store_size{}>;
  using digest = ctsip::registrar_digest<hashes, passwords>;
  using agent =
      ctsip::registrar<ctsip::registrar_size{}, bindings, ctsip::own_address_only const, digest>;

  passwords known{};
  ctsip::own_address_only users{};
  bindings store{{1, 2}};
  digest authentication{{3, 4}, rules(), known};
  agent desk{settings(), store, users, authentication};

  static ctsip::digest_settings rules() {
    ctsip::digest_settings s;
    s.realm = realm;
    s.offer = {ctsip::digest_algorithm::md5};
    return s;
  }
  static ctsip::registrar_settings settings() {
    ctsip::registrar_settings s;
    s.element.seed = {5, 6};
    s.element.sent_by = "registrar.atlanta.example.com";
    s.domains = "atlanta.example.com, registrar.atlanta.example.com";
    return s;
  }
};

// The first REGISTER binds, the others refresh; each has a branch, CSeq and nc of its own.
struct registrar_of_the_library {
  static inline std::optional<office> made;
  static inline std::string requests[registrations_per_run];

  static void prepare() {
    made.emplace();
    made->desk.receive(messages::first_register, client, ctsip::transport::udp, now);
    ctsip::datagram d;
    if (!made->desk.poll_transmit(d)) std::abort();
    if (!requests[0].empty()) return;
    ctsip::message const first = ctsip::read(d.bytes).value;
    std::string const nonce{ctsip::challenge_view{first[ctsip::header::www_authenticate]}.nonce()};
    for (unsigned i = 0; i < registrations_per_run; ++i) requests[i] = request(nonce, i);
  }
  static std::string request(std::string const& nonce, unsigned i) {
    ctsip::digest_parts p;
    p.qop = ctsip::quality_of_protection::auth;
    p.username = user;
    p.realm = realm;
    p.nonce = std::string_view{nonce};
    p.cnonce = "0a4f113b";
    p.nonce_count = i + 1;
    p.method = "REGISTER";
    p.uri = "sip:registrar.atlanta.example.com";
    auto const response =
        ctsip::digest_response<hashes>(p, ctsip::digest_login::with_password(user, password));
    constexpr char const* digits = "0123456789abcdef";
    std::string const nc{'0', '0', '0', '0', '0', '0', digits[(i + 1) / 16], digits[(i + 1) % 16]};
    std::string text{messages::register_with_digest};
    auto const change = [&text](std::string_view from, std::string const& to) {
      text.replace(text.find(from), from.size(), to);
    };
    change("z9hG4bK92c7d81a3e", "z9hG4bK92c7d81a" + nc.substr(6));
    change("CSeq: 2 ", "CSeq: " + std::to_string(i + 2) + " ");
    change("ea9c8e88df84f1cec4341ae6cbe5a359", nonce);
    change("dfe56131d1958046689d83306477ecc5", std::string{response.view()});
    change("nc=00000001", "nc=" + nc);
    return text;
  }

  static registering run_one(int i) {
    registering so_far;
    made->desk.receive(requests[i], client, ctsip::transport::udp, now);
    for (ctsip::datagram d; made->desk.poll_transmit(d);) {
      ++so_far.sent;
      so_far.written += d.bytes.size();
    }
    for (ctsip::registrar_event e; made->desk.poll_event(e);)
      so_far.is_bound = e.kind == ctsip::registrar_event_kind::bound ||
                        e.kind == ctsip::registrar_event_kind::refreshed;
    return so_far;
  }
  static bool is_right(registering r) { return r.sent == 1 && r.is_bound; }
};

registration_variant<registrant_of_the_library> const from_wire(registrant_group, "ctsip");
registration_variant<registrar_of_the_library> const at_the_registrar(registrar_group, "ctsip");

template <class T>
double bytes() {
  return static_cast<double>(sizeof(T));
}

figure const registrant_weight(registration_weight, "registrant of one, all texts and transactions",
                               bytes<registrant_of_the_library::agent>);

} // namespace

} // namespace bench
