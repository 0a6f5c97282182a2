// What the user of an endpoint wants to do later: a person who rings off, a call to be placed next.
#pragma once

#include <map>

#include "clock.hpp"

namespace example {

/// Things to be done, each at its moment.
template <class Task>
class agenda {
 public:
  void add(ctsip::milliseconds after, Task const& task) { tasks_.emplace(now() + after, task); }

  /// The moment of the first of them; `instant::never()` if there is none.
  ctsip::instant next() const {
    return tasks_.empty() ? ctsip::instant::never() : tasks_.begin()->first;
  }
  /// Takes the first that is due; false if none is.
  bool take(Task& out) {
    if (now() < next() || tasks_.empty()) return false;
    out = tasks_.begin()->second;
    tasks_.erase(tasks_.begin());
    return true;
  }

 private:
  struct earlier {
    bool operator()(ctsip::instant a, ctsip::instant b) const { return a < b; }
  };
  std::multimap<ctsip::instant, Task, earlier> tasks_;
};

} // namespace example
