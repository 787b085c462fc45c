/// How records look at one level of the file, as far as it could be read.
struct DecodedStyle {
    var style: RecordStyle
    /// Whether nothing of it stands in for something wrong: what does is compared with nothing.
    var isSound: Bool
}
