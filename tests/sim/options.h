// The command line.
#pragma once

#include <optional>
#include <string>

#include "settings.h"

namespace bearerkit::sim {

// Nullopt where it is not understood.
std::optional<Options> read_options(int count, char** arguments);
std::string help();
// The command that shows the run with this seed again.
std::string command_line(const Options& options, std::uint64_t seed, std::uint64_t events);
// What the seed and the options made of the world.
std::string describe(const WorldSettings& settings);

}  // namespace bearerkit::sim
