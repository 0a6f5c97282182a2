// Randomness: the secret behind branches, tags and Call-IDs, and repeatable packet loss.
#pragma once

#include <cstdint>
#include <cstdio>
#include <stdexcept>

#include <ctsip/transaction/matching.hpp>

namespace example {

/// 128 bits that nobody can guess, new at each start: RFC 3261 19.3 wants tags that are
/// "cryptographically random". Throws std::runtime_error where the system has no such source.
inline ctsip::hash_seed secret_seed() {
  ctsip::hash_seed seed;
  std::FILE* const source = std::fopen("/dev/urandom", "rb");
  bool const got = source && std::fread(&seed, sizeof seed, 1, source) == 1;
  if (source) std::fclose(source);
  if (!got) throw std::runtime_error("/dev/urandom cannot be read");
  return seed;
}

/// Loses a given share of the datagrams; the same ones each time, for the same seed.
class packet_loss {
 public:
  packet_loss() = default;
  packet_loss(unsigned percent, std::uint64_t seed) : percent_(percent), state_(seed) {}

  /// Whether the next datagram is lost.
  bool strikes() {
    if (percent_ == 0) return false;
    bool const lost = next() % 100 < percent_;
    count_ += lost;
    return lost;
  }
  std::uint64_t count() const { return count_; }

 private:
  // SplitMix64: good enough to throw dice, and three lines long.
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  unsigned percent_{};
  std::uint64_t state_{};
  std::uint64_t count_{};
};

} // namespace example
