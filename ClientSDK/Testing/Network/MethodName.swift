internal import DocketRPC

/// A method of the server, as the protocol's list of methods names it.
public struct MethodName: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The service and the method, such as `Conversations/Post`.
    public let rawValue: String

    /// Names a method.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    init(_ method: Method) {
        rawValue = String(method.shortName)
    }

    /// The name.
    public var description: String { rawValue }

    /// Makes a guest.
    public static let createGuest = MethodName(rawValue: "Sessions/CreateGuest")
    /// Signs a connection in.
    public static let signIn = MethodName(rawValue: "Sessions/SignIn")
    /// Says who is signed in; what a client asks first with a token that it has kept.
    public static let describe = MethodName(rawValue: "Sessions/Describe")
    /// Lists the channels that the caller may use.
    public static let listChannels = MethodName(rawValue: "Channels/List")
    /// Opens a conversation.
    public static let openConversation = MethodName(rawValue: "Conversations/Open")
    /// Posts a message.
    public static let post = MethodName(rawValue: "Conversations/Post")
    /// Makes several calls of a lane one after the other: how messages leave that have waited.
    public static let submitLane = MethodName(rawValue: "Commands/SubmitLane")
    /// Reads a part of a conversation.
    public static let history = MethodName(rawValue: "Conversations/History")
    /// Says how far somebody has read.
    public static let markRead = MethodName(rawValue: "Conversations/MarkRead")
    /// Says what has reached somebody.
    public static let markReceived = MethodName(rawValue: "Conversations/MarkReceived")
    /// Says that somebody types.
    public static let typing = MethodName(rawValue: "Conversations/Typing")
    /// Reads the caller's conversations as they are.
    public static let snapshot = MethodName(rawValue: "Feed/Snapshot")
    /// Follows what happens.
    public static let subscribe = MethodName(rawValue: "Feed/Subscribe")
    /// Opens a request on purpose.
    public static let createRequest = MethodName(rawValue: "Requests/Create")
    /// Reads one request.
    public static let getRequest = MethodName(rawValue: "Requests/Get")
    /// Adds a note.
    public static let postNote = MethodName(rawValue: "Requests/PostNote")
    /// Gives the contact whom an integration knows by a name of its own.
    public static let ensureContact = MethodName(rawValue: "Contacts/Ensure")
}
