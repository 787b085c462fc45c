internal import CEventSchemas
internal import Foundation

/// The document that is compiled into the executable.
enum EmbeddedDocument {
    /// A copy of its bytes.
    static var data: Data {
        guard let start = unsafe event_schemas_bytes() else { return Data() }
        return unsafe Data(bytes: start, count: event_schemas_count())
    }
}
