/// A pattern for names: `*` stands for any run of characters, `?` for one; upper and lower case are the same.
struct NamePattern: Hashable {
    private let characters: [Character]

    /// The pattern that `text` spells.
    init(_ text: String) {
        self.characters = Array(text.lowercased())
    }

    /// Whether all of `name` matches. At most as many steps as the two lengths multiplied: a `*` never has to be
    /// widened again once a later one matched.
    func matches(_ name: String) -> Bool {
        let name = Array(name.lowercased())
        var here = 0
        var position = 0
        /// The last `*` seen, and where in the name what follows it is tried.
        var star: (pattern: Int, name: Int)?
        while position < name.count {
            if here < self.characters.count, self.characters[here] == "*" {
                star = (here, position)
                here += 1
            } else if here < self.characters.count,
                self.characters[here] == "?" || self.characters[here] == name[position]
            {
                here += 1
                position += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                here = last.pattern + 1
                position = last.name + 1
            } else {
                return false
            }
        }
        return self.characters[here...].allSatisfy { $0 == "*" }
    }
}
