#include "formats/words.h"

namespace bearerkit {
namespace {

// Takes the first word off `words`, and the blank behind it.
std::string_view take_word(std::string_view& words) {
  const std::size_t end = words.find(' ');
  const std::string_view word = words.substr(0, end);
  words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
  return word;
}

}  // namespace

std::size_t place_of(std::string_view word, std::string_view words) {
  for (std::size_t place = 0; !words.empty(); place++) {
    if (take_word(words) == word) return place;
  }
  return kNoWord;
}

std::string_view word_at(std::string_view words, std::size_t place) {
  while (place-- > 0) take_word(words);
  return take_word(words);
}

}  // namespace bearerkit
