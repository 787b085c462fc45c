import NIOHTTP1

/// A complete HTTP response with a JSON body.
struct HTTPReply: Equatable {
    private enum Body: Equatable {
        case json(String)
        case failure(code: String, message: String)
    }

    let status: HTTPResponseStatus
    var headers: [String: String] = [:]
    var delay = ReplyDelay.none
    private let body: Body

    init(status: HTTPResponseStatus, headers: [String: String] = [:], json: String) {
        self.status = status
        self.headers = headers
        self.body = .json(json)
    }

    private init(status: HTTPResponseStatus, body: Body) {
        self.status = status
        self.body = body
    }

    /// An error in the shape of the upstream's REST interface.
    static func failure(_ status: HTTPResponseStatus, code: String, message: String) -> HTTPReply {
        HTTPReply(status: status, body: .failure(code: code, message: message))
    }

    /// - Parameter contextId: under which the upstream's people would look for the request.
    func json(contextId: String) -> String {
        switch self.body {
        case .json(let json): json
        case .failure(let code, let message):
            #"{"message":\#(JSONText.string(message)),"code":\#(JSONText.string(code)),"status":\#(self.status.code),"#
                + #""contextId":\#(JSONText.string(contextId)),"details":[],"errors":[]}"#
        }
    }
}
