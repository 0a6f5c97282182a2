// A subject: one peer doing one thing that is timed and counted. Each subject's own source file
// makes one at namespace scope, which enters it in the list that time.cpp and count.cpp go through.
// Kept to C++17, because Boost.MSM 1.74 does not parse as C++20 on g++ 12.
#pragma once

#include <cstddef>
#include <string>

namespace bench {

struct subject {
  using action = void (*)();

  /// `group` is what is done, `peer` who does it, `units` how many of it one `run` holds.
  /// `prepare` comes before each run and is neither timed nor counted.
  subject(std::string group, std::string peer, std::size_t units, bool (*check)(), action run,
          action prepare = nullptr)
      : group(group), peer(peer), units(units), check(check), run(run), prepare(prepare),
        following(first()) {
    first() = this;
  }
  subject(subject const&) = delete;

  std::string group;
  std::string peer;
  std::size_t units;
  bool (*check)(); ///< whether the peer does what all peers of the group must do
  action run;
  action prepare;
  subject* following;

  static subject*& first() {
    static subject* head = nullptr;
    return head;
  }
};

/// A figure that is neither a time nor a count: bytes held.
struct figure {
  figure(char const* group, char const* peer, double (*value)())
      : group(group), peer(peer), value(value), following(first()) {
    first() = this;
  }
  figure(figure const&) = delete;

  char const* group;
  char const* peer;
  double (*value)();
  figure* following;

  static figure*& first() {
    static figure* head = nullptr;
    return head;
  }
};

/// Keeps what `value` holds from being optimised away.
template <class T>
inline void keep(T const& value) {
  asm volatile("" : : "m"(value) : "memory");
}

} // namespace bench
