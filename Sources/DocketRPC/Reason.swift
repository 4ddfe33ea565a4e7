// Made from Protocol/errors.yaml by Scripts/generate_reasons.py; do not edit.

/// A stable word that says why a call was refused or a connection ended.
///
/// The words are the registry of `Protocol/errors.yaml`. Programs branch on them and never on a
/// status' message. A word that a newer peer sends is kept as it came, with the code `unknown` and
/// not final; the status it came in carries the code that the peer meant.
package struct Reason: Hashable, Sendable, CustomStringConvertible {
    /// The word on the wire, in lower_snake_case.
    package let rawValue: String
    /// The status code that the word always travels with.
    package let code: StatusCode
    /// Whether the refusal belongs to the command for ever.
    ///
    /// A final refusal is the command's stored verdict, or follows from its bytes alone. After any
    /// other refusal the same command may succeed later.
    package let isFinal: Bool

    /// The word on the wire.
    package var description: String { rawValue }

    /// Finds the reason that a word on the wire names.
    package init(rawValue: String) {
        self = Self.byWord[rawValue] ?? Reason(rawValue, .unknown, isFinal: false)
    }

    private init(_ rawValue: String, _ code: StatusCode, isFinal: Bool) {
        self.rawValue = rawValue
        self.code = code
        self.isFinal = isFinal
    }

    private static let byWord: [String: Reason] = registered.reduce(into: [:]) { table, reason in
        table[reason.rawValue] = reason
    }
}

extension Reason {
    /// The method needs a principal and the connection has none.
    ///
    /// What to do: Call Sessions/SignIn or Sessions/CreateGuest, or connect with a token, then
    /// repeat the call.
    package static let unauthenticated = Reason("unauthenticated", .unauthenticated, isFinal: false)

    /// The secret opens no session.
    ///
    /// An unknown login, a wrong password, an unknown guest and a wrong key are answered alike.
    /// What to do: Ask for other credentials. Repeating the same ones only meets the rate limit.
    package static let credentialsInvalid = Reason(
        "credentials_invalid",
        .unauthenticated,
        isFinal: false
    )

    /// The key was valid and has been revoked.
    ///
    /// Only the holder of the real key is told so. What to do: Ask an administrator for a new key.
    package static let keyRevoked = Reason("key_revoked", .unauthenticated, isFinal: false)

    /// The password is right and an administrator has locked the agent out.
    ///
    /// Only the holder of the password is told so. What to do: Ask an administrator, who may unlock
    /// the agent.
    package static let agentLocked = Reason("agent_locked", .unauthenticated, isFinal: false)

    /// The old password of a change of password is not the caller's password.
    ///
    /// What to do: Ask for the password again and send a new command; an administrator can set
    /// another.
    package static let wrongPassword = Reason("wrong_password", .failedPrecondition, isFinal: true)

    /// No other administrator can sign in.
    ///
    /// Nobody could administer the desk afterwards. What to do: Create or unlock another
    /// administrator first, then send a new command.
    package static let lastAdministrator = Reason(
        "last_administrator",
        .failedPrecondition,
        isFinal: true
    )

    /// The session's token is unknown, expired or revoked.
    ///
    /// The connection ends with GOAWAY code 5. What to do: Forget the token, connect without one,
    /// sign in, then repeat what was not answered.
    package static let sessionExpired = Reason("session_expired", .unauthenticated, isFinal: false)

    /// The connection already has a principal, which cannot be changed.
    ///
    /// What to do: Open another connection to act as somebody else.
    package static let alreadySignedIn = Reason(
        "already_signed_in",
        .failedPrecondition,
        isFinal: false
    )

    /// Another agent has this login.
    ///
    /// What to do: Choose another login and send a new command.
    package static let loginTaken = Reason("login_taken", .alreadyExists, isFinal: true)

    /// Another company has this name.
    ///
    /// Case makes no difference. What to do: Use the company that has the name, or choose another
    /// name and send a new command.
    package static let nameTaken = Reason("name_taken", .alreadyExists, isFinal: true)

    /// The server has no method with this hash.
    ///
    /// What to do: Compare the catalog of the server's HELLO with your own; one of the two is
    /// older.
    package static let methodUnknown = Reason("method_unknown", .unimplemented, isFinal: false)

    /// The Head or a message of the call is not protobuf of its type.
    ///
    /// What to do: Correct the encoder.
    package static let malformedMessage = Reason(
        "malformed_message",
        .invalidArgument,
        isFinal: true
    )

    /// The method takes exactly one message and got none, or several.
    ///
    /// What to do: Correct the caller.
    package static let wrongMessageCount = Reason(
        "wrong_message_count",
        .invalidArgument,
        isFinal: true
    )

    /// The call's metadata has too many entries, a forbidden key or a value that is too long.
    ///
    /// What to do: Correct the caller.
    package static let invalidMetadata = Reason("invalid_metadata", .invalidArgument, isFinal: true)

    /// A message is longer than the receiver's max_message.
    ///
    /// What to do: Send less at once.
    package static let messageTooLarge = Reason(
        "message_too_large",
        .resourceExhausted,
        isFinal: true
    )

    /// A field has a value that the method does not allow, and no other reason fits better.
    ///
    /// What to do: Correct the field that the trailer names, then send a new command.
    package static let invalidArgument = Reason("invalid_argument", .invalidArgument, isFinal: true)

    /// A field that the method requires is empty or absent.
    ///
    /// What to do: Fill the field that the trailer names, then send a new command.
    package static let fieldMissing = Reason("field_missing", .invalidArgument, isFinal: true)

    /// A field has more bytes or entries than its limit.
    ///
    /// Text is measured in bytes of UTF-8. What to do: Shorten the field that the trailer names,
    /// then send a new command.
    package static let fieldTooLong = Reason("field_too_long", .invalidArgument, isFinal: true)

    /// A text field is not UTF-8.
    ///
    /// What to do: Correct the encoder.
    package static let invalidUtf8 = Reason("invalid_utf8", .invalidArgument, isFinal: true)

    /// An id is not 16 bytes, or a command's id is not a UUID of version 7.
    ///
    /// What to do: Correct the field that the trailer names.
    package static let invalidIdentifier = Reason(
        "invalid_identifier",
        .invalidArgument,
        isFinal: true
    )

    /// The object does not exist, or the caller may not know that it does.
    ///
    /// Forbidden and absent are answered alike, for objects and for methods. What to do: Drop the
    /// reference. A client that follows the feed does not get this for its own objects.
    package static let notFound = Reason("not_found", .notFound, isFinal: true)

    /// The command's id was used before, with other content or by another principal.
    ///
    /// What to do: Give each new command a new id. Repeat an id only with exactly the same bytes.
    package static let keyReused = Reason("key_reused", .alreadyExists, isFinal: true)

    /// What the command changes is at another version than the one it expected, or has no version.
    ///
    /// The message says what it is. The trailer is the current version, in decimal digits, and 0 if
    /// there is none. What to do: Read it again, decide anew, and send a new command with the
    /// version you read.
    package static let versionConflict = Reason("version_conflict", .aborted, isFinal: true)

    /// The policy does not let the request go from its status to the one asked for.
    ///
    /// The trailer lists the keys of the statuses that are allowed, separated by commas. What to
    /// do: Choose one of the statuses in the trailer and send a new command.
    package static let invalidTransition = Reason(
        "invalid_transition",
        .failedPrecondition,
        isFinal: true
    )

    /// Somebody has the request already.
    ///
    /// Of several agents who take it at once, all but one get this. What to do: Show who has it;
    /// the feed says who.
    package static let alreadyAssigned = Reason(
        "already_assigned",
        .failedPrecondition,
        isFinal: true
    )

    /// The desk's policy does not handle requests of this kind.
    ///
    /// What to do: Choose a kind that the policy has.
    package static let kindDisabled = Reason("kind_disabled", .failedPrecondition, isFinal: true)

    /// Something has to be filled in first.
    ///
    /// The trailer lists everything that is missing, separated by commas: the policy's fields by
    /// key, or title, topic, type, priority, reason, wake_at. What to do: Fill in what the trailer
    /// lists and send a new command.
    package static let missingFields = Reason("missing_fields", .invalidArgument, isFinal: true)

    /// A value is not allowed there.
    ///
    /// The trailer names the field; the text says what is allowed. What to do: Choose a value that
    /// is allowed and send a new command.
    package static let invalidValue = Reason("invalid_value", .invalidArgument, isFinal: true)

    /// The limit on these is reached.
    ///
    /// The trailer names the field; the text gives the limit. What to do: Remove some first, or ask
    /// for less at once.
    package static let tooMany = Reason("too_many", .invalidArgument, isFinal: true)

    /// Only members of the request's topic can have its requests, and the agent is not a member.
    ///
    /// What to do: Choose an agent who is a member of the topic.
    package static let notMember = Reason("not_member", .failedPrecondition, isFinal: true)

    /// There are no new messages to split off.
    ///
    /// They can be split off only while a finished chat is live again and the contact has written
    /// in it. What to do: Split off messages by naming them.
    package static let splitNotOffered = Reason(
        "split_not_offered",
        .failedPrecondition,
        isFinal: true
    )

    /// A split has to take some of the request's messages and leave some.
    ///
    /// What to do: Name fewer messages, but at least one.
    package static let splitLeavesNothing = Reason(
        "split_leaves_nothing",
        .invalidArgument,
        isFinal: true
    )

    /// The two requests cannot become one.
    ///
    /// They are the same, belong to two conversations, one alone is internal or aside of the
    /// conversation, one of them was merged or deleted, the newest chat of the conversation would
    /// go past another that then took its contact's messages, or the older one is over and moves
    /// only forward, so that it cannot open for the open work of the newer. What to do: Link them
    /// instead.
    package static let notMergeable = Reason("not_mergeable", .failedPrecondition, isFinal: true)

    /// The contact can no longer write to the request.
    ///
    /// What to do: Open a new request.
    package static let repliesRefused = Reason(
        "replies_refused",
        .failedPrecondition,
        isFinal: true
    )

    /// The company takes nothing from this contact: it may read, and write nothing.
    ///
    /// What to do: Tell the person. A supervisor can let the contact write again, under new ids.
    package static let contactBlocked = Reason(
        "contact_blocked",
        .failedPrecondition,
        isFinal: true
    )

    /// Something is used that the command would remove.
    ///
    /// Requests use parts of a policy, contacts use companies. The trailer lists what is used,
    /// separated by commas. What to do: Keep it, or first change what uses it.
    package static let inUse = Reason("in_use", .failedPrecondition, isFinal: true)

    /// The document is not a valid policy.
    ///
    /// The trailer has the place of the first problem. What to do: Call Policies/Check, which lists
    /// every problem, and correct the document.
    package static let policyInvalid = Reason("policy_invalid", .invalidArgument, isFinal: true)

    /// The request has reached a status in which this is no longer possible.
    ///
    /// What to do: Read the request again; a contact's next message opens a new one.
    package static let requestNotOpen = Reason(
        "request_not_open",
        .failedPrecondition,
        isFinal: true
    )

    /// There is nothing to change: everything is already as the command asks.
    ///
    /// What to do: Nothing.
    package static let noChange = Reason("no_change", .failedPrecondition, isFinal: true)

    /// Only the agent who has the request may do this.
    ///
    /// What to do: Take the request first, or ask a supervisor.
    package static let notAssignee = Reason("not_assignee", .failedPrecondition, isFinal: true)

    /// The policy has no status with this key.
    ///
    /// What to do: Use a key of the policy and send a new command.
    package static let unknownStatus = Reason("unknown_status", .invalidArgument, isFinal: true)

    /// The policy has no channel with this key, or the caller may not use it.
    ///
    /// What to do: Use a key of the policy and send a new command.
    package static let unknownChannel = Reason("unknown_channel", .invalidArgument, isFinal: true)

    /// The file is larger than attachments may be.
    ///
    /// The trailer is the limit in bytes, in decimal digits. What to do: Send a smaller file.
    package static let attachmentTooLarge = Reason(
        "attachment_too_large",
        .resourceExhausted,
        isFinal: true
    )

    /// Files of this type are not accepted.
    ///
    /// The trailer is the media type, which is derived from the content and never from the name.
    /// What to do: Send the content in another form.
    package static let attachmentTypeRefused = Reason(
        "attachment_type_refused",
        .invalidArgument,
        isFinal: true
    )

    /// The principal has as many unfinished uploads as it may have.
    ///
    /// The trailer is the limit, in decimal digits. What to do: Complete one first; an abandoned
    /// upload is forgotten after a day.
    package static let tooManyUploads = Reason(
        "too_many_uploads",
        .resourceExhausted,
        isFinal: false
    )

    /// The principal has as many complete files without a message as it may have.
    ///
    /// The trailer is the limit, in decimal digits. What to do: Name some of them in messages
    /// first; a file without a message is forgotten after a day.
    package static let tooManyUnusedFiles = Reason(
        "too_many_unused_files",
        .resourceExhausted,
        isFinal: false
    )

    /// The data start at the wrong offset.
    ///
    /// An upload continues behind what has arrived; a download starts within the file. The trailer
    /// is the offset from which the upload continues, or the last one at which the download may
    /// start, in decimal digits. What to do: Repeat the call from the offset in the trailer.
    package static let offsetMismatch = Reason("offset_mismatch", .outOfRange, isFinal: false)

    /// Another call of the same principal has taken over this upload.
    ///
    /// What to do: Leave it to the other call. What this one sent is kept.
    package static let uploadSuperseded = Reason("upload_superseded", .aborted, isFinal: false)

    /// The call ended before the file was complete, or brought more than its declared size.
    ///
    /// What came before that is kept. What to do: Go on from where Attachments/GetUpload says, with
    /// the size of the file.
    package static let sizeMismatch = Reason("size_mismatch", .invalidArgument, isFinal: false)

    /// What arrived does not match the SHA-256 that the call gave.
    ///
    /// All of it was dropped. What to do: Upload the file again from the beginning.
    package static let contentMismatch = Reason("content_mismatch", .dataLoss, isFinal: false)

    /// A message names too many files.
    ///
    /// The trailer is the limit, in decimal digits. What to do: Spread them over several messages,
    /// each a new command.
    package static let tooManyAttachments = Reason(
        "too_many_attachments",
        .invalidArgument,
        isFinal: true
    )

    /// A message names a file that it cannot have.
    ///
    /// The file is not complete, was uploaded by another principal or for another conversation,
    /// belongs to another message, is named twice, or does not exist. The trailer is its id as
    /// text. What to do: Upload the file, then send a new command.
    package static let attachmentUnusable = Reason(
        "attachment_unusable",
        .failedPrecondition,
        isFinal: true
    )

    /// The feed cannot continue from this cursor.
    ///
    /// The trailer says why: epoch_changed (the desk was restored from a backup), below_floor (the
    /// entries after the cursor are no longer kept) or above_head (the cursor is ahead of the log).
    /// What to do: Read Feed/Snapshot to its last page and subscribe from its as_of. Keep unsent
    /// commands, drafts and read marks.
    package static let resyncRequired = Reason("resync_required", .outOfRange, isFinal: false)

    /// The connection has as many subscriptions as it may have.
    ///
    /// What to do: Cancel one first, or share one subscription.
    package static let tooManyFeeds = Reason("too_many_feeds", .resourceExhausted, isFinal: false)

    /// The principal or its address does this too often.
    ///
    /// The call had no effect. What to do: Wait for retry_after_milliseconds, then repeat the same
    /// call.
    package static let rateLimited = Reason("rate_limited", .resourceExhausted, isFinal: false)

    /// More calls wait for a stream than the client keeps, 10,000 in ours.
    ///
    /// It never stands on the wire: a client gives it to its own callers, since a server that
    /// grants no more streams makes calls wait. What to do: Wait until one has ended, then repeat
    /// the same call.
    package static let tooManyStreams = Reason(
        "too_many_streams",
        .resourceExhausted,
        isFinal: false
    )

    /// Messages that are unfinished or unread are together longer than the server keeps.
    ///
    /// The unfinished ones are counted for the connection, the unread ones for the call. What to
    /// do: Send fewer large messages at the same time, then repeat the call.
    package static let tooManyIncompleteBytes = Reason(
        "too_many_incomplete_bytes",
        .resourceExhausted,
        isFinal: false
    )

    /// More bytes of replies wait for the client's credit than the server keeps.
    ///
    /// That is for one connection, or for everybody where this principal holds the most. The reply
    /// of this call was dropped; a command has taken effect. What to do: Grant credit for the
    /// replies that wait, then repeat the call; a command with the same id.
    package static let tooManyUnreadReplies = Reason(
        "too_many_unread_replies",
        .resourceExhausted,
        isFinal: false
    )

    /// The call's deadline passed before it was answered.
    ///
    /// Unless not_processed is set, a command may have taken effect. What to do: Repeat the command
    /// with the same id, or repeat the query.
    package static let deadlineExceeded = Reason(
        "deadline_exceeded",
        .deadlineExceeded,
        isFinal: false
    )

    /// The caller cancelled the call.
    ///
    /// A command may still have taken effect. What to do: Nothing. To learn the outcome of a
    /// command, repeat it with the same id.
    package static let cancelled = Reason("cancelled", .cancelled, isFinal: false)

    /// The server has too much to do.
    ///
    /// The call had no effect. What to do: Repeat with backoff.
    package static let overloaded = Reason("overloaded", .unavailable, isFinal: false)

    /// The store has no room for the command.
    ///
    /// It had no effect; queries still work. What to do: Repeat with backoff; writing resumes as
    /// soon as there is room.
    package static let diskFull = Reason("disk_full", .resourceExhausted, isFinal: false)

    /// Something in the store that the call needs is damaged and cannot be read.
    ///
    /// The call had no effect; everything else goes on. What to do: Have the operator run docketd
    /// check, which names what is damaged, and restore a backup; then repeat with the same id.
    package static let storeDamaged = Reason("store_damaged", .dataLoss, isFinal: false)

    /// The store failed while writing the command, which may or may not have taken effect.
    ///
    /// What to do: Connect again and repeat with the same id; the command then takes effect exactly
    /// once.
    package static let outcomeUnknown = Reason("outcome_unknown", .unavailable, isFinal: false)

    /// The server has a fault of its own.
    ///
    /// What to do: Repeat a few times over ten minutes with the same id, then report it.
    package static let serverError = Reason("server_error", .internalError, isFinal: false)

    /// The server finishes calls in progress and accepts no new ones.
    ///
    /// It ends subscriptions with this status, and the connection with GOAWAY code 0. What to do:
    /// Connect again after retry_after_milliseconds and resume from the cursor.
    package static let draining = Reason("draining", .unavailable, isFinal: false)

    /// A frame broke a rule of the protocol.
    ///
    /// The connection ends with GOAWAY code 1. What to do: Report the fault. Connect again with
    /// backoff, since repeating it at once repeats the fault.
    package static let protocolError = Reason("protocol_error", .internalError, isFinal: false)

    /// A frame or a Head was longer than its limit.
    ///
    /// The connection ends with GOAWAY code 2. What to do: Report the fault: frames must fit the
    /// receiver's max_frame. Connect again with backoff.
    package static let frameTooLarge = Reason("frame_too_large", .internalError, isFinal: false)

    /// More was sent or granted than credit allows.
    ///
    /// The connection ends with GOAWAY code 3. What to do: Report the fault. Connect again with
    /// backoff.
    package static let flowControlError = Reason(
        "flow_control_error",
        .internalError,
        isFinal: false
    )

    /// The HELLO was missing, repeated, malformed or out of range.
    ///
    /// The connection ends with GOAWAY code 4. What to do: Report the fault. Connect again with
    /// backoff.
    package static let helloError = Reason("hello_error", .internalError, isFinal: false)

    /// The peer sent more glitches or pings than are tolerated.
    ///
    /// The connection ends with GOAWAY code 6. What to do: Report the fault. Connect again after
    /// retry_after_milliseconds.
    package static let limitExceeded = Reason("limit_exceeded", .resourceExhausted, isFinal: false)

    /// The peer was silent, or too slow to finish something.
    ///
    /// The connection ends with GOAWAY code 7. What to do: Connect again and repeat what was not
    /// answered.
    package static let timeout = Reason("timeout", .unavailable, isFinal: false)

    /// The connection ended without a GOAWAY.
    ///
    /// This reason is never sent; a client gives it to its own callers. What to do: Connect again
    /// with backoff and repeat what was not answered; resume feeds from their cursor.
    package static let connectionLost = Reason("connection_lost", .unavailable, isFinal: false)

    /// Every reason of the registry, in its order.
    package static let registered: [Reason] = [
        .unauthenticated,
        .credentialsInvalid,
        .keyRevoked,
        .agentLocked,
        .wrongPassword,
        .lastAdministrator,
        .sessionExpired,
        .alreadySignedIn,
        .loginTaken,
        .nameTaken,
        .methodUnknown,
        .malformedMessage,
        .wrongMessageCount,
        .invalidMetadata,
        .messageTooLarge,
        .invalidArgument,
        .fieldMissing,
        .fieldTooLong,
        .invalidUtf8,
        .invalidIdentifier,
        .notFound,
        .keyReused,
        .versionConflict,
        .invalidTransition,
        .alreadyAssigned,
        .kindDisabled,
        .missingFields,
        .invalidValue,
        .tooMany,
        .notMember,
        .splitNotOffered,
        .splitLeavesNothing,
        .notMergeable,
        .repliesRefused,
        .contactBlocked,
        .inUse,
        .policyInvalid,
        .requestNotOpen,
        .noChange,
        .notAssignee,
        .unknownStatus,
        .unknownChannel,
        .attachmentTooLarge,
        .attachmentTypeRefused,
        .tooManyUploads,
        .tooManyUnusedFiles,
        .offsetMismatch,
        .uploadSuperseded,
        .sizeMismatch,
        .contentMismatch,
        .tooManyAttachments,
        .attachmentUnusable,
        .resyncRequired,
        .tooManyFeeds,
        .rateLimited,
        .tooManyStreams,
        .tooManyIncompleteBytes,
        .tooManyUnreadReplies,
        .deadlineExceeded,
        .cancelled,
        .overloaded,
        .diskFull,
        .storeDamaged,
        .outcomeUnknown,
        .serverError,
        .draining,
        .protocolError,
        .frameTooLarge,
        .flowControlError,
        .helloError,
        .limitExceeded,
        .timeout,
        .connectionLost,
    ]
}
