/// A string of a JSON text: where its content stands between the quotes, still escaped.
struct JSONStringToken: Hashable {
    /// The index behind the opening quote.
    var start: Int
    /// The index of the closing quote.
    var end: Int
    /// Whether decoding changes the content.
    var hasEscapes: Bool

    /// How many bytes the content has, escapes as they are.
    var count: Int { self.end - self.start }
}
