internal import BridgeCore
internal import Foundation

/// The bytes of the file that says which stream of a tenant brings which subscription.
enum PlanFile {
    /// A plan file is never larger: 10,000 subscriptions of a few hundred bytes.
    static let bytesMax = 64 << 20

    /// Reads a file's bytes; nil where they are torn, of another version or of another tenant.
    static func decode(_ bytes: [UInt8], tenant: String) -> PlanDocument? {
        guard let document = Self.decode(bytes), document.tenant == tenant else { return nil }
        return document
    }

    /// Reads a file's bytes, whosever they are; nil where they are torn or of another version.
    static func decode(_ bytes: [UInt8]) -> PlanDocument? {
        guard let line = ChecksummedLine.line(of: bytes),
            ChecksummedLine.version(of: line) == PlanDocument.currentVersion
        else { return nil }
        return try? JSONDecoder().decode(PlanDocument.self, from: Data(line))
    }
}
