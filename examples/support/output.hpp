// The end of a program whose standard output somebody reads on.
#pragma once

#include <cstdio>

namespace example {

/// The exit code: that of the program, or 3, with a word why, if its output could not be written.
/// Nobody shall take what is on a full disk for all of it.
inline int exit_code(int result) {
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return result;
  std::perror("the output cannot be written");
  return 3;
}

} // namespace example
