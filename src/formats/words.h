// Lists of words as one text, parted by single blanks: a third of what an array of views takes in
// the module, and looked through by one function.
#pragma once

#include <cstddef>
#include <string_view>

namespace bearerkit {

inline constexpr std::size_t kNoWord = std::string_view::npos;

// Which one of `words` is `word`, from 0 on; kNoWord: none of them.
std::size_t place_of(std::string_view word, std::string_view words);

// The word at a place of which place_of knows.
std::string_view word_at(std::string_view words, std::size_t place);

}  // namespace bearerkit
