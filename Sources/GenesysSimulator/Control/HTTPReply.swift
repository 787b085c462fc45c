import NIOHTTP1

/// A complete HTTP response with a JSON body.
struct HTTPReply: Equatable {
    let status: HTTPResponseStatus
    var headers: [String: String] = [:]
    let json: String

    /// An error in the shape of the upstream's REST interface.
    static func failure(_ status: HTTPResponseStatus, code: String, message: String) -> HTTPReply {
        HTTPReply(
            status: status,
            json: #"{"message":\#(JSONText.string(message)),"code":\#(JSONText.string(code)),"status":\#(status.code)}"#
        )
    }
}
