// Prints one table of all that measure.cmake has gathered: a row for each peer of each group, the
// ratio to the library's own figure, and whether the bars are met. With --strict it fails when a
// bar of a figure that is the same in each run, a count or a size, is missed that was met before.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using std::string;

// kind, group and peer, joined by "|", to the figure for one unit.
std::map<string, double> figures;

double const* find(string const& kind, string const& group, string const& peer) {
  auto const at = figures.find(kind + '|' + group + '|' + peer);
  return at == figures.end() ? nullptr : &at->second;
}

std::vector<string> split(string const& line, char separator) {
  std::vector<string> parts(1);
  for (char const c : line)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

void read_figures(char const* path) {
  std::ifstream in(path);
  for (string line; std::getline(in, line);) {
    auto const p = split(line, '|');
    if (p.size() == 5)
      figures[p[0] + '|' + p[1] + '|' + p[2]] = std::atof(p[3].c_str()) / std::atof(p[4].c_str());
  }
}

// Google Benchmark's CSV: the quoted name, iterations, real time, CPU time, unit, bytes, items per
// second. Of the repetitions, the best counts.
void read_times(char const* path) {
  std::ifstream in(path);
  for (string line; std::getline(in, line);) {
    auto const close = line.find("\",");
    if (line.empty() || line[0] != '"' || close == string::npos) continue;
    auto const p = split(line.substr(close + 2), ',');
    if (p.size() < 6 || std::atof(p[5].c_str()) <= 0) continue;
    double const nanoseconds = 1e9 / std::atof(p[5].c_str());
    auto& best = figures["time|" + line.substr(1, close - 1)];
    if (best == 0 || nanoseconds < best) best = nanoseconds;
  }
}

string cell(double const* figure, double const* own, char const* unit) {
  if (!figure) return "";
  char text[64];
  if (own && own != figure && *own > 0)
    std::snprintf(text, sizeof text, *figure < 100 ? "%.2f%s (%.2f x)" : "%.0f%s (%.2f x)", *figure,
                  unit, *figure / *own);
  else
    std::snprintf(text, sizeof text, *figure < 100 ? "%.2f%s" : "%.0f%s", *figure, unit);
  return text;
}

void print_row(string const& what, string const& time, string const& count) {
  std::printf("| %-50s | %19s | %20s |\n", what.c_str(), time.c_str(), count.c_str());
}

void print_rule() {
  std::printf("|%s|%s|%s|\n", string(52, '-').c_str(), string(21, '-').c_str(),
              string(22, '-').c_str());
}

void print_group(string const& group, std::vector<string> const& peers) {
  print_row("**" + group + "**", "", "");
  double const* const time = find("time", group, peers[0]);
  double const* const count = find("count", group, peers[0]);
  for (auto const& peer : peers) {
    auto const* const t = find("time", group, peer);
    auto const* const c = find("count", group, peer);
    if (t || c)
      print_row("  " + peer, cell(t, time, " ns"), cell(c, count, ""));
    else
      print_row("  " + peer, "not installed", "");
  }
}

bool all_met = true;
bool worse = false; // a repeatable figure has missed a bar that it met

// Times differ from run to run and from machine to machine; counts and sizes do not.
enum class figure_kind { time, repeatable };
using enum figure_kind;

// Bars that are known to be missed, and by which figure: a larger one is worse than before.
struct open_bar {
  string demand;
  double figure;
};
std::vector<open_bar> const open_bars = {
    {"user agent, client call: instructions <= 17000", 47'500},
};

// A missed bar that may be missed: further away than noted by no more than what another version of
// the standard library makes.
bool is_open(string const& demand, double measured) {
  for (auto const& open : open_bars)
    if (open.demand == demand) return measured <= 1.03 * open.figure;
  return false;
}

// One bar: what is demanded, what was measured, and whether that is enough. Nothing is said of
// what could not be measured.
void print_bar(figure_kind kind, string const& demand, double measured, bool met) {
  all_met = all_met && met;
  worse = worse || (kind == repeatable && !met && !is_open(demand, measured));
  std::printf("| %-92s | %10.2f | %-7s |\n", demand.c_str(), measured, met ? "met" : "NOT MET");
}

void at_most(figure_kind kind, string const& demand, double const* measured, double bar) {
  if (measured) print_bar(kind, demand, *measured, *measured <= bar);
}

void ratio_at_most(figure_kind kind, string const& demand, double const* own, double const* other,
                   double bar) {
  if (own && other) print_bar(kind, demand, *own / *other, *own / *other <= bar);
}

double const* better(double const* a, double const* b) { return !a || (b && *b < *a) ? b : a; }

std::vector<string> const step_peers = {"ctsip machine",     "switch, state first",
                                        "switch, flat",      "std::variant and visit",
                                        "Boost.MSM (C++17)", "Boost.Statechart"};
string const normal_step = "step, normal call";
string const random_step = "step, random events";
string const classify = "classify six messages";
string const parse = "parse and check six messages";
string const invite_ok = "INVITE client: 100, 180, 200";
string const machine_only = "INVITE client, machine only: 100, 180, 200";
string const weight = "bytes per live transaction, without messages";
string const normal_calls = "rules of a call, normal calls";
string const random_calls = "rules of a call, half of the messages illegal";
std::vector<string> const call_peers = {"ctsip product", "switches, given the symbols",
                                        "switches that decode"};
string const call_weight = "bytes per call, all rules and their numbers";
string const registering = "registration: 401, then 200";
string const registering_from_wire = "registration from the wire: 401, then 200";
string const at_the_registrar = "registrar: REGISTER with credentials, 200";
string const registration_weight = "bytes per registration, without messages";
string const flows = "twenty_flows.cpp";
string const client_call = "user agent, client call: 100, 180, 200";
string const server_call = "user agent, server call: 100, 180, 200, BYE";
string const whole_call = "user agents back to back: a whole call";
string const options_in_one = "user agent, OPTIONS in one of 1 calls";
string const options_in_many = "user agent, OPTIONS in one of 10000 calls";
string const answering = "answering SIPp, 500 calls a second";

void print_measured() {
  print_row("", "time", "instructions");
  print_rule();
  print_group(normal_step, step_peers);
  print_group(random_step, step_peers);
  print_group(normal_calls, call_peers);
  print_group(random_calls, call_peers);
  for (auto const& group : {classify, parse}) print_group(group, {"ctsip", "oSIP2", "sofia-sip"});
  print_group(machine_only, {"ctsip"});
  for (auto const& group :
       {invite_ok, string("INVITE client: 486 and ACK"), string("non-INVITE client: 200"),
        string("INVITE client from the wire: 100, 180, 200"), string("look-up, 1 live"),
        string("look-up, 100 live"), string("look-up, 1000 live")})
    print_group(group, {"ctsip", "oSIP2"});

  print_group(registering, {"ctsip", "ctsip, transactions only", "oSIP2, transactions only"});
  for (auto const& group : {registering_from_wire, at_the_registrar})
    print_group(group, {"ctsip", "oSIP2, transactions only"});

  for (auto const& group : {client_call, server_call})
    print_group(group, {"ctsip", "oSIP2", "sofia-sip nta, over loopback"});
  print_group(whole_call, {"ctsip"});
  if (auto const* const time = find("time", whole_call, "ctsip")) {
    double const calls = 1e9 / *time;
    print_row("  calls a second", cell(&calls, nullptr, ""), "");
  }
  for (auto const& group :
       {options_in_one, string("user agent, OPTIONS in one of 100 calls"), options_in_many})
    print_group(group, {"ctsip"});

  if (auto const* const own = find("cpu", answering, "ctsip")) {
    print_row("**" + answering + "**", "processor, a call", "");
    for (string const peer : {"ctsip", "raw socket, no SIP", "sofia-sip", "SIPp itself"})
      if (auto const* const used = find("cpu", answering, peer))
        print_row("  " + peer, cell(used, own, " us"), "");
  }

  print_row("**" + weight + "**", "bytes", "");
  for (string const peer : {"ctsip", "oSIP2"})
    print_row("  " + peer,
              find("weight", weight, peer)
                  ? cell(find("weight", weight, peer), find("weight", weight, "ctsip"), "")
                  : "not installed",
              "");

  print_row("**" + call_weight + "**", "bytes", "");
  for (string const what : {"uac_call", "timed_composition<uac_call>", "forking<uac_call, 4>"})
    print_row("  " + what, cell(find("weight", call_weight, what), nullptr, ""), "");

  print_row("**" + registration_weight + "**", "bytes", "");
  for (string const what : {"registration_rules", "timed_composition<registration_rules>",
                            "registration", "registrant of one, all texts and transactions"})
    print_row("  " + what, cell(find("weight", registration_weight, what), nullptr, ""), "");

  print_row("**code at -Os, x86-64**", "code, bytes", "tables, bytes");
  for (auto const& [key, bytes] : figures)
    if (auto const p = split(key, '|'); p[0] == "text")
      print_row("  " + p[2], cell(&bytes, nullptr, ""),
                cell(find("rodata", p[1], p[2]), nullptr, ""));
}

// Compile times: a row for each header, the compilers side by side.
void print_compile_times() {
  std::map<string, string> rows;
  string compilers;
  std::map<string, bool> seen;
  for (auto const& [key, milliseconds] : figures) {
    auto const p = split(key, '|');
    if (p[0] != "compile") continue;
    if (!seen[p[2]]) compilers += (compilers.empty() ? "" : " / ") + p[2];
    seen[p[2]] = true;
    char text[32];
    std::snprintf(text, sizeof text, "%s%.0f", rows[p[1]].empty() ? "" : " / ", milliseconds);
    rows[p[1]] += text;
  }
  if (rows.empty()) return;
  std::printf("\n| %-50s | %32s |\n|%s|%s|\n", "compile time over an empty file, ms",
              compilers.c_str(), string(52, '-').c_str(), string(34, '-').c_str());
  for (auto const& [header, text] : rows)
    std::printf("| %-50s | %32s |\n", header.c_str(), text.c_str());
}

void print_bars() {
  std::printf("\n| %-92s | %10s | %-7s |\n|%s|%s|%s|\n", "bar", "measured", "",
              string(94, '-').c_str(), string(12, '-').c_str(), string(9, '-').c_str());
  for (auto const& [group, bar] : {std::pair{normal_step, 1.0}, {random_step, 0.7}})
    ratio_at_most(
        time,
        group + ": time over that of the better switch <= " + std::to_string(bar).substr(0, 3),
        find("time", group, "ctsip machine"),
        better(find("time", group, "switch, state first"), find("time", group, "switch, flat")),
        bar);
  for (auto const& group : {normal_calls, random_calls})
    for (auto const& [peer, bar] : {std::pair{call_peers[2], 1.0}, {call_peers[1], 1.1}})
      ratio_at_most(time, group + ": time over " + peer + " <= " + std::to_string(bar).substr(0, 3),
                    find("time", group, call_peers[0]), find("time", group, peer), bar);
  at_most(repeatable, "classify six messages: instructions <= 40000",
          find("count", classify, "ctsip"), 40000);
  ratio_at_most(repeatable, "classify six messages: instructions over those of oSIP2 <= 0.1",
                find("count", classify, "ctsip"), find("count", classify, "oSIP2"), 0.1);
  at_most(repeatable, "INVITE client transaction, machine only: instructions <= 1500",
          find("count", machine_only, "ctsip"), 1500);
  ratio_at_most(repeatable, "look-up: instructions at 1000 live over those at 1 <= 1.1",
                find("count", "look-up, 1000 live", "ctsip"),
                find("count", "look-up, 1 live", "ctsip"), 1.1);
  at_most(repeatable, "bytes per live transaction, without messages <= 128",
          find("weight", weight, "ctsip"), 128);

  at_most(repeatable, "user agent, client call: instructions <= 17000",
          find("count", client_call, "ctsip"), 17000);
  ratio_at_most(
      repeatable, "user agent: instructions for OPTIONS in one of 10000 calls over 1 <= 1.2",
      find("count", options_in_many, "ctsip"), find("count", options_in_one, "ctsip"), 1.2);
  at_most(time, answering + ": us of processor time a call <= 20", find("cpu", answering, "ctsip"),
          20);
  // 20 us where a raw socket costs 10 to 15.
  ratio_at_most(time, answering + ": processor time over that of a raw socket <= 1.6",
                find("cpu", answering, "ctsip"), find("cpu", answering, "raw socket, no SIP"), 1.6);

  std::map<string, double> slowest;
  for (auto const& [key, milliseconds] : figures)
    if (auto const p = split(key, '|'); p[0] == "compile" &&
                                        p[1].starts_with("ctsip/transaction/") &&
                                        milliseconds >= slowest[p[2]])
      slowest[p[2]] = milliseconds;
  for (auto const& [compiler, milliseconds] : slowest)
    at_most(time, "slowest transaction header with " + compiler + ": ms over empty <= 80",
            &milliseconds, 80);
  for (string const compiler : {"g++", "clang++-14", "clang++-19"})
    at_most(time, "registration header with " + compiler + ": ms over empty <= 80",
            find("compile", "ctsip/registration/registration.hpp", compiler), 80);
  for (string const compiler : {"g++", "clang++-14", "clang++-19"}) {
    at_most(time, "the whole library with " + compiler + ": ms over empty <= 1000",
            find("compile", "ctsip/ctsip.hpp", compiler), 1000);
    at_most(time, "a full user agent with " + compiler + ": ms over empty <= 3000",
            find("compile", "user_agent.cpp", compiler), 3000);
  }
  at_most(time, "twenty flows with g++: ms over empty <= 500", find("compile", flows, "g++"), 500);
}

} // namespace

int main(int argc, char** argv) {
  bool const strict = argc > 1 && std::string_view{argv[1]} == "--strict";
  std::span<char*> const files{argv + 1 + strict, argv + argc};
  if (files.size() != 2) {
    std::fprintf(stderr, "usage: %s [--strict] figures times.csv\n", argv[0]);
    return 2;
  }
  read_figures(files[0]);
  read_times(files[1]);
  std::printf("The ratio in brackets is the peer's figure over the library's. A step is one event, "
              "times are the best of the run; compile times are processor time.\n\n");
  print_measured();
  print_compile_times();
  print_bars();
  std::printf("\n%s\n",
              all_met ? "Every bar that could be measured is met." : "Some bars are not met.");
  if (strict && worse) {
    std::printf("A bar of a count or a size is missed, by more than is known.\n");
    return 1;
  }
}
