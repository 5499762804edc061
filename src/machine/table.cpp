#include "machine/table.h"

namespace bearerkit {

std::size_t first_row(const std::uint32_t* rows, std::uint32_t seen) {
  std::size_t place = 0;
  while ((seen & ~rows[place]) != 0) place++;
  return place;
}

}  // namespace bearerkit
