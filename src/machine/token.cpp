#include "machine/token.h"

namespace bearerkit {

// Not in the header: in each place where a token is let go, this would stand again.

Token::Token(std::string_view text) {
  if (!text.empty()) shared_ = new Shared{1, std::string(text)};
}

Token::Token(const Token& other) : shared_(other.shared_) {
  if (shared_ != nullptr) shared_->holders++;
}

void Token::release() {
  if (shared_ != nullptr && --shared_->holders == 0) delete shared_;
}

}  // namespace bearerkit
