// Times every subject with Google Benchmark, after checking that it does what its peers do.
#include <cstdint>
#include <cstdio>
#include <functional>

#include <benchmark/benchmark.h>

#include "subject.hpp"

namespace {

void measure(benchmark::State& state, bench::subject const& s) {
  for (auto _ : state) {
    if (s.prepare) {
      state.PauseTiming();
      s.prepare();
      state.ResumeTiming();
    }
    s.run();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(s.units));
}

} // namespace

int main(int argc, char** argv) {
  for (auto const* s = bench::subject::first(); s; s = s->following) {
    if (!s->check()) {
      std::fprintf(stderr, "%s: %s does not do what is expected of it\n", s->group.c_str(),
                   s->peer.c_str());
      return 1;
    }
    benchmark::RegisterBenchmark((s->group + '|' + s->peer).c_str(), measure, std::cref(*s));
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
