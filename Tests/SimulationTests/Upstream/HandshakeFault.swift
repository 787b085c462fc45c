/// What happens to the next handshakes of a tenant.
enum HandshakeFault {
    case unavailable, timeout, forbidden
    case throttled(retryAfterSeconds: Int?)
}
