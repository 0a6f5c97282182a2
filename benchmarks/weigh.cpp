// Prints every figure that is neither a time nor a count: "group|peer|value".
#include <cstdio>

#include "subject.hpp"

int main() {
  for (auto const* f = bench::figure::first(); f; f = f->following)
    std::printf("%s|%s|%.0f\n", f->group, f->peer, f->value());
}
