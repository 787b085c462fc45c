import ArgumentParser
import BridgeCore

/// Reads `--share I/N`.
enum ShareArgument {
    /// For an option's `transform`: a wrong share is wrong usage.
    @Sendable
    static func parse(_ text: String) throws -> Share {
        do {
            return try Share(text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
