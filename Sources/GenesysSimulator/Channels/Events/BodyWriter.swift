/// Writes the JSON of a ``BodyTemplate``: it sets the commas and knows what values of a name look like.
struct BodyWriter {
    private(set) var template = BodyTemplate()
    private let hash: SeededHash
    private var drawn = 0
    private var needsComma = false

    /// - Parameter hash: identifiers and numbers follow from it.
    init(hash: SeededHash) {
        self.hash = hash
    }

    var byteCount: Int { self.template.bytes.count }

    /// A number that follows from the seed and from what was written before.
    mutating func draw() -> Int {
        self.drawn += 1
        return Int(truncatingIfNeeded: self.hash(self.drawn) >> 2)
    }

    // MARK: Structure

    mutating func object(_ fill: (inout BodyWriter) -> Void) {
        self.nest("{", "}", fill)
    }

    mutating func list(_ fill: (inout BodyWriter) -> Void) {
        self.nest("[", "]", fill)
    }

    private mutating func nest(_ opening: String, _ closing: String, _ fill: (inout BodyWriter) -> Void) {
        self.separate()
        self.template.append(opening)
        self.needsComma = false
        fill(&self)
        self.template.append(closing)
        self.needsComma = true
    }

    mutating func key(_ name: String) {
        self.separate()
        self.template.append(JSONText.string(name) + ":")
        self.needsComma = false
    }

    private mutating func separate() {
        if self.needsComma { self.template.append(",") }
    }

    /// A number, a truth value or null.
    mutating func raw(_ text: String) {
        self.separate()
        self.template.append(text)
        self.needsComma = true
    }

    mutating func text(_ text: String) {
        self.raw(JSONText.string(text))
    }

    // MARK: What differs from event to event

    /// The mark that ``ChannelEventSequence`` reads.
    mutating func sequence() {
        self.separate()
        self.template.append("\"" + ChannelEventSequence.mark)
        self.template.append(.sequence)
        self.template.append("\"")
        self.needsComma = true
    }

    mutating func time() {
        self.separate()
        self.template.append("\"")
        self.template.append(.time)
        self.template.append("\"")
        self.needsComma = true
    }

    mutating func milliseconds() {
        self.separate()
        self.template.append(.milliseconds)
        self.needsComma = true
    }

    /// The identifier of the conversation that the event is about.
    mutating func conversation() {
        self.separate()
        self.template.append("\"" + UniqueIdentifier(hash: self.hash, number: 0).text.prefix(24))
        self.template.append(.conversation)
        self.template.append("\"")
        self.needsComma = true
    }

    // MARK: Fields

    mutating func field(_ name: String, _ value: String) {
        self.key(name)
        self.text(value)
    }

    mutating func field(_ name: String, raw value: String) {
        self.key(name)
        self.raw(value)
    }

    mutating func identifier() {
        self.text(UniqueIdentifier(hash: self.hash, number: 1 + self.draw() % 1_000_000).text)
    }
}
