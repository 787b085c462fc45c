import Foundation

/// What a client may say on a channel's socket.
enum ClientMessage: Equatable {
    /// `{"message":"ping"}`.
    case ping
    case other

    private struct Shape: Decodable {
        let message: String
    }

    init(_ bytes: [UInt8]) {
        let shape = try? JSONDecoder().decode(Shape.self, from: Data(bytes))
        self = shape?.message == "ping" ? .ping : .other
    }
}
