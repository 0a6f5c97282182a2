// Measures what each header, and each file of a folder, costs to compile over an empty file, in
// microseconds of processor time, the best of several:
// "compile|header or file|compiler|microseconds|1000". Rounds go over all of them and all
// compilers, so that what disturbs one disturbs all.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

long microseconds(timeval t) { return t.tv_sec * 1000000L + t.tv_usec; }

// Processor time of one compilation; ends the program if it fails, since the figure would mean
// nothing.
long compile(char const* compiler, std::string const& include, std::string const& source,
             std::string const& object) {
  pid_t const child = fork();
  if (child == 0) {
    execl(compiler, compiler, "-std=c++20", "-c", include.c_str(), source.c_str(), "-o",
          object.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child || status != 0) {
    std::fprintf(stderr, "%s does not compile %s\n", compiler, source.c_str());
    std::exit(1);
  }
  return microseconds(used.ru_utime) + microseconds(used.ru_stime);
}

// A header's name as it is included.
std::string name_of(fs::path const& header, fs::path const& include) {
  return header.lexically_relative(include).generic_string();
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr, "usage: %s include-folder source-folder scratch-folder rounds compiler…\n",
                 argv[0]);
    return 2;
  }
  fs::path const include = argv[1];
  fs::path const scratch = argv[3];
  int const rounds = std::atoi(argv[4]);

  // What is compiled, by the name under which it is told. The empty name stands for the empty file.
  std::map<std::string, std::string> texts{{"", ""}};
  for (auto const& entry : fs::recursive_directory_iterator(include))
    if (entry.path().extension() == ".hpp")
      texts[name_of(entry.path(), include)] = "#include <" + name_of(entry.path(), include) + ">\n";
  for (auto const& entry : fs::directory_iterator(argv[2]))
    texts[entry.path().filename().generic_string()] =
        "#include \"" + fs::absolute(entry.path()).generic_string() + "\"\n";

  std::string const source = scratch / "compiled.cpp";
  std::map<std::pair<std::string, std::string>, long> best;
  for (int round = 0; round < rounds; ++round)
    for (auto const& [name, text] : texts) {
      std::ofstream(source) << text;
      for (char** compiler = argv + 5; *compiler; ++compiler) {
        long const took =
            compile(*compiler, "-I" + include.string(), source, scratch / "compiled.o");
        auto const at = best.try_emplace({name, *compiler}, took).first;
        at->second = std::min(at->second, took);
      }
    }
  for (auto const& [key, took] : best)
    if (auto const& [name, compiler] = key; !name.empty())
      std::printf("compile|%s|%s|%ld|1000\n", name.c_str(), fs::path(compiler).filename().c_str(),
                  std::max(0L, took - best.at({"", compiler})));
}
