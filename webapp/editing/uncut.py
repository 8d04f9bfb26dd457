"""Text of limited length that arrives whole, and is refused in words if it is too long."""

from django import forms


class UncutField(forms.CharField):
    default_error_messages = {
        "max_length": "That is %(show_value)d characters; %(limit_value)d are the most."
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """Without the limit: a browser would cut a pasted text short without a word."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs
