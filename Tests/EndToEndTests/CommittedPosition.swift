import Foundation
import Testing

/// A position of the simulator in a checkpoint file.
enum CommittedPosition {
    /// The sequence number that the committed position of a tenant stands for: everything before it is in Kafka. Nil before the first commit.
    static func sequence(of tenant: String, in directory: String) throws -> Int? {
        guard let text = try? String(contentsOfFile: directory + "/\(tenant)%2F0.json", encoding: .utf8) else {
            return nil
        }
        struct File: Decodable { var position: String }
        let line = try #require(text.split(separator: "\n").first)
        let position = try JSONDecoder().decode(File.self, from: Data(line.utf8)).position
        let parts = position.split(separator: ".")
        return try #require(parts.count >= 2 ? Int(parts[parts.count - 2]) : nil)
    }
}
