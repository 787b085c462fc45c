/// Which families of events are meant: one by its name, such as `users.presence`, or with a `*` at the end all whose names begin so.
public struct FamilyPattern: Hashable, Sendable, CustomStringConvertible {
    /// What a name must be, or begin with.
    private let text: [UInt8]
    private let isPrefix: Bool
    /// The pattern as written.
    public let description: String

    /// Reads a pattern; nil where it is empty, has a `*` that is not its end, or has anything but printable ASCII.
    public init?(_ description: String) {
        let bytes = Array(description.utf8)
        self.isPrefix = bytes.last == UInt8(ascii: "*")
        self.text = self.isPrefix ? bytes.dropLast() : bytes
        self.description = description
        guard !bytes.isEmpty, self.text.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "*") }) else { return nil }
    }

    /// Whether the family of this name is meant.
    public func matches(_ family: String) -> Bool {
        let bytes = Array(family.utf8)
        return self.matches(bytes.span)
    }

    /// Whether the family of this name is meant. Asked of every event: allocates nothing.
    func matches(_ family: Span<UInt8>) -> Bool {
        guard self.isPrefix ? family.count >= self.text.count : family.count == self.text.count else { return false }
        for index in self.text.indices where family[index] != self.text[index] { return false }
        return true
    }
}
