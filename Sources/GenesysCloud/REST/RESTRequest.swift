import BridgeCore
import NIOHTTP1

/// One request to the REST API.
struct RESTRequest {
    /// What is done.
    var method = HTTPMethod.GET
    /// The path, percent-encoded.
    var path: String
    /// The path as it may be shown: without what only the client may know.
    var shownPath: String
    /// The query, percent-encoded; it is not shown.
    var query: String
    /// A JSON text.
    var body: String?
    /// What has to be kept out of everything that is shown, besides the token.
    var secrets: [Secret]

    /// A request; a path that holds no secret is shown as it is.
    init(
        _ method: HTTPMethod = .GET,
        path: String,
        shownPath: String? = nil,
        query: String = "",
        body: String? = nil,
        secrets: [Secret] = []
    ) {
        self.method = method
        self.path = path
        self.shownPath = shownPath ?? path
        self.query = query
        self.body = body
        self.secrets = secrets
    }

    /// For people.
    var shown: String { "\(self.method.rawValue) \(self.shownPath)" }
}
