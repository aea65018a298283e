"""The stream of a record of any kind: timeline, comments, people to mention, followers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, re_path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.scopes import READS, RECORDS, WRITES
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities import commenting
from taiga_crm.capabilities.commenting import Written, show_comment
from taiga_crm.capabilities.following import follow, followers
from taiga_crm.capabilities.mentioning import people_to_mention
from taiga_crm.capabilities.timeline import read_timeline
from taiga_crm.permissions.decide import get_visible
from taiga_crm.registry.entity import Entity

ID = r"(?P<pk>[0-9]{1,19})"
NEW = body_fields("NewComment", text=serializers.CharField(max_length=commenting.MAX_COMMENT))
CHANGED = body_fields(
    "ChangedComment",
    text=serializers.CharField(max_length=commenting.MAX_COMMENT),
    version=serializers.IntegerField(),
)


class StreamView(CrmView):
    """Base: the subclass made for an entity only sets `entity`."""

    entity: ClassVar[Entity]


class TimelineView(StreamView):
    """GET /…/{id}/timeline."""

    token_scopes = READS

    @plain(OBJECTS, query=("cursor", "kinds"))
    def get(self, request: Request, pk: str) -> Response:
        """Return what happened, newest first; `kinds` like "comments,changes" narrows."""
        query = request.query_params
        items, after = read_timeline(
            self.entity,
            request.user,
            record_id(pk),
            cursor=query.get("cursor", ""),
            kinds=query.get("kinds", ""),
        )
        headers = {"x-pagination-next-cursor": after} if after else {}
        return Response(items, headers=headers)


class CommentsView(StreamView):
    """POST /…/{id}/comments."""

    token_scopes = WRITES

    @plain(request=NEW, status=201)
    def post(self, request: Request, pk: str) -> Response:
        """Comment with {"text": Markdown}; `not_told` are names that reach nobody."""
        written = commenting.add_comment(self.entity, request.user, record_id(pk), body_of(request))
        return Response(_written(self.entity, written, request.user), 201)


class CommentView(StreamView):
    """PATCH, DELETE /…/{id}/comments/{comment}."""

    token_scopes = RECORDS

    @plain(request=CHANGED)
    def patch(self, request: Request, pk: str, comment: str) -> Response:
        """Change one's own comment with {"text", "version"}."""
        written = commenting.change_comment(
            self.entity, request.user, record_id(pk), record_id(comment), body_of(request)
        )
        return Response(_written(self.entity, written, request.user))

    @plain()
    def delete(self, request: Request, pk: str, comment: str) -> Response:
        """Leave a stub; `restore` takes it back."""
        gone = commenting.delete_comment(
            self.entity, request.user, record_id(pk), record_id(comment)
        )
        return Response(show_comment(self.entity, gone, request.user))


class RestoreCommentView(StreamView):
    """POST /…/{id}/comments/{comment}/restore."""

    token_scopes = WRITES

    @plain()
    def post(self, request: Request, pk: str, comment: str) -> Response:
        """Bring a deleted comment back."""
        found = commenting.restore_comment(
            self.entity, request.user, record_id(pk), record_id(comment)
        )
        return Response(show_comment(self.entity, found, request.user))


class PeopleView(StreamView):
    """GET /…/{id}/people."""

    token_scopes = READS

    @plain(OBJECTS, query=("q",))
    def get(self, request: Request, pk: str) -> Response:
        """Return people who see the record, by the beginning of their name."""
        record = get_visible(self.entity, request.user, record_id(pk))
        text = request.query_params.get("q", "").replace("\0", "").strip()[:100]
        return Response(people_to_mention(self.entity, record.pk, request.user, text))


class FollowersView(StreamView):
    """GET /…/{id}/followers."""

    token_scopes = READS

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return who follows."""
        return Response(followers(self.entity, request.user, record_id(pk)))


class FollowView(StreamView):
    """POST /…/{id}/follow and /…/{id}/unfollow."""

    token_scopes = WRITES

    wanted: ClassVar[bool] = True

    @plain()
    def post(self, request: Request, pk: str) -> Response:
        """Start or stop following."""
        return Response(follow(self.entity, request.user, record_id(pk), self.wanted))


class UnfollowView(FollowView):
    """POST /…/{id}/unfollow."""

    wanted = False


VIEWS: dict[str, type[StreamView]] = {
    "timeline": TimelineView,
    "comments": CommentsView,
    "comments/(?P<comment>[0-9]{1,19})": CommentView,
    "comments/(?P<comment>[0-9]{1,19})/restore": RestoreCommentView,
    "people": PeopleView,
    "followers": FollowersView,
    "follow": FollowView,
    "unfollow": UnfollowView,
}


def stream_urls(entity: Entity) -> list[URLPattern]:
    """Return the URLs of the stream of an entity's records; none for dictionaries."""
    if not entity.is_record:
        return []
    return [
        re_path(f"^{entity.path}/{ID}/{tail}$", _of(view, entity).as_view())
        for tail, view in VIEWS.items()
    ]


def _of(view: type[StreamView], entity: Entity) -> Any:
    name = f"{entity.key.title().replace('_', '')}{view.__name__}"
    return type(name, (view,), {"entity": entity, "__doc__": view.__doc__})


def _written(entity: Entity, written: Written, user: Any) -> dict[str, Any]:
    return {**show_comment(entity, written.comment, user), "not_told": written.not_told}
