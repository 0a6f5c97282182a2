// What the board gives to the program: words on the console of the debugger, a counter of
// instructions, and how deep the stack has been. startup.cpp has the other half.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace board {

/// Writes to the debugger's console, through semihosting.
void print(std::string_view text);
void print(std::uint32_t number);

/// Ends the program; the emulator's exit code is `code`.
[[noreturn]] void stop(int code);

/// Counts instructions while it lives. SysTick counts 25 MHz, 40 ns a tick, and
/// `-icount shift=6` lets each instruction take 64 ns.
class instruction_count {
 public:
  explicit instruction_count(std::uint32_t& total);
  ~instruction_count();
  instruction_count(instruction_count const&) = delete;
  instruction_count& operator=(instruction_count const&) = delete;

 private:
  std::uint32_t& total_;
  std::uint32_t first_;
};

/// Bytes of stack that were ever in use: reset paints it, this looks for the first spoilt word.
std::size_t stack_high_water();
/// Forgets how deep it has been, below the frame of the caller.
void repaint_stack();

/// Bytes of code and constants, and of variables, of the whole image.
std::size_t flash_size();
std::size_t ram_size();

} // namespace board
