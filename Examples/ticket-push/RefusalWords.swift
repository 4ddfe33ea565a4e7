internal import DocketClient

extension Refusal {
    /// Why a ticket was refused and what to do, in words for the partner.
    var wordsForPartner: String {
        let named = particulars.isEmpty ? "" : ": \(particulars)"
        return switch reason {
        case "key_reused": "the key names another request already; give this one a key of its own"
        case "unknown_channel": "the desk has no such channel for you"
        case "missing_fields": "the desk asks for more\(named)"
        case "invalid_value": "the desk does not take this value\(named)"
        case "field_missing": "something is empty\(named)"
        case "field_too_long": "something is too long\(named)"
        default: message.isEmpty ? reason : message
        }
    }
}
