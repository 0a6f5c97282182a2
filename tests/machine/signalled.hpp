// Runs a piece of code in a child process, for what must stop the program, or must not.
#pragma once

#if defined(__unix__) || defined(__APPLE__)
#define CTSIP_TESTS_HAVE_FORK 1

#include <csignal>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ctsip_tests {

/// The signal that ended the child which ran `code`, 0 if it came to its end, -1 if there was none.
template <class Code>
int signal_of(Code code) {
  pid_t const child = fork();
  if (child < 0) return -1;
  if (child == 0) {
    // Boost.Test's handlers would report in the parent's name.
    for (int s : {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGALRM})
      std::signal(s, SIG_DFL);
    rlimit const no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    close(STDERR_FILENO);
    alarm(10);
    code();
    _exit(0);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) return -1;
  if (WIFSIGNALED(status)) return WTERMSIG(status);
  // A sanitizer turns the signal into an exit code of its own.
  return WEXITSTATUS(status) == 0 ? 0 : SIGABRT;
}

} // namespace ctsip_tests
#endif
