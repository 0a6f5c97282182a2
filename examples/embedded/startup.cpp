// The start of a bare Cortex-M4: vectors, memory, the constructors of globals, the program, and the
// board's half of board.hpp. There is no operating system, no heap and no C start-up code.
#include "board.hpp"

int run_program();

// From the linker script; only their addresses mean something.
extern "C" {
extern std::uint32_t stack_top[], stack_limit[];
extern std::uint32_t data_in_flash[], data_first[], data_last[], bss_first[], bss_last[];
extern void (*init_first[])();
extern void (*init_last[])();
}

namespace board {

namespace {

constexpr std::uint32_t paint = 0xdeadbeef;

enum class semihosting : int { write0 = 0x04, exit_extended = 0x20 };

void call_host(semihosting operation, void const* argument) {
  register auto r0 __asm__("r0") = static_cast<int>(operation);
  register auto r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

// SysTick: control and status, reload and current value; 24 bits that count down.
auto* const systick = reinterpret_cast<std::uint32_t volatile*>(0xe000'e010u);
constexpr std::uint32_t systick_mask = 0xff'ffffu;

std::uint32_t* stack_pointer() {
  std::uint32_t* sp;
  __asm__ volatile("mov %0, sp" : "=r"(sp));
  return sp;
}

[[noreturn]] void fault() {
  print("fault\n");
  stop(3);
}

} // namespace

void print(std::string_view text) {
  char line[64];
  while (!text.empty()) {
    std::size_t const size = text.size() < sizeof line - 1 ? text.size() : sizeof line - 1;
    for (std::size_t i = 0; i < size; ++i) line[i] = text[i];
    line[size] = '\0';
    call_host(semihosting::write0, line);
    text.remove_prefix(size);
  }
}

void print(std::uint32_t number) {
  char digits[10];
  std::size_t first = sizeof digits;
  do digits[--first] = static_cast<char>('0' + number % 10);
  while (number /= 10);
  print(std::string_view{digits + first, sizeof digits - first});
}

void stop(int code) {
  std::uint32_t const reason[] = {0x20026u, static_cast<std::uint32_t>(code)}; // application exit
  for (;;) call_host(semihosting::exit_extended, reason);
}

instruction_count::instruction_count(std::uint32_t& total) : total_(total), first_(systick[2]) {}
instruction_count::~instruction_count() {
  std::uint32_t const ticks = (first_ - systick[2]) & systick_mask;
  total_ += static_cast<std::uint32_t>(std::uint64_t{ticks} * 40 / 64);
}

std::size_t stack_high_water() {
  std::uint32_t const* p = stack_limit;
  while (p != stack_top && *p == paint) ++p;
  return static_cast<std::size_t>(stack_top - p) * sizeof *p;
}

[[gnu::noinline]] void repaint_stack() {
  // Volatile: nobody but `stack_high_water` ever reads what is written here.
  auto volatile* const here = stack_pointer();
  for (auto volatile* p = static_cast<std::uint32_t volatile*>(stack_limit); p < here; ++p)
    *p = paint;
}

std::size_t flash_size() {
  return reinterpret_cast<std::size_t>(data_in_flash) +
         static_cast<std::size_t>(data_last - data_first) * sizeof *data_first;
}
std::size_t ram_size() {
  return static_cast<std::size_t>(bss_last - data_first) * sizeof *data_first;
}

} // namespace board

extern "C" [[noreturn]] void reset() {
  board::repaint_stack();
  std::uint32_t const* from = data_in_flash;
  for (std::uint32_t* to = data_first; to != data_last;) *to++ = *from++;
  for (std::uint32_t* to = bss_first; to != bss_last;) *to++ = 0;
  for (auto constructor = init_first; constructor != init_last; ++constructor) (*constructor)();
  board::systick[1] = board::systick_mask;
  board::systick[2] = 0;
  board::systick[0] = 5; // on, from the processor's clock, without an interrupt
  board::stop(run_program());
}

// The stack pointer, then the handlers of reset, NMI and the faults. No interrupt is used.
struct vector_table {
  void const* stack;
  void (*handlers[15])();
};
extern "C"
    [[gnu::section(".vectors"), gnu::used]] constexpr vector_table vectors = {stack_top,
                                                                              {reset,
                                                                               board::fault,
                                                                               board::fault,
                                                                               board::fault,
                                                                               board::fault,
                                                                               board::fault,
                                                                               {},
                                                                               {},
                                                                               {},
                                                                               {},
                                                                               board::fault,
                                                                               {},
                                                                               {},
                                                                               board::fault,
                                                                               board::fault}};

// std::string_view::substr and copy call it for a position beyond the end. The library's own drags
// in exceptions, the heap and printf.
namespace std {
[[noreturn]] void __throw_out_of_range_fmt(char const*, ...) { board::stop(4); }
} // namespace std
