from django.db import models

from .picture_request import PictureRequest


class ModelVersion(models.Model):
    """An installed model: one folder of hash-listed safetensors. A changed file is another version."""

    name = models.CharField(max_length=120, help_text="What people choose by, for instance 'starter'.")
    hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the folder's hash lock.")
    folder = models.CharField(max_length=300, help_text="Relative to the data folder.")
    pipeline_class = models.CharField(max_length=80)
    source = models.CharField(max_length=300)
    revision = models.CharField(max_length=64, blank=True)
    licence = models.CharField(max_length=120, default="not stated")
    memory_bytes = models.PositiveBigIntegerField(default=0)
    size_multiple = models.PositiveSmallIntegerField(
        default=8, help_text="Width and height divide by this, in pixels."
    )
    size_min = models.PositiveSmallIntegerField(default=256)
    size_max = models.PositiveSmallIntegerField(default=2048)
    size_default = models.PositiveSmallIntegerField(
        default=1024, help_text="Side of a square picture, in pixels."
    )
    steps_default = models.PositiveSmallIntegerField(default=20)
    guidance_default = models.FloatField(default=5.0)
    takes_negative_prompt = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True, help_text="Offered for new jobs.")
    installed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["is_active", "name"], name="model_active_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.hash[:8]}"

    @property
    def is_starter(self) -> bool:
        return self.pipeline_class == "StarterPipeline"

    def offered(self) -> "ModelVersion":
        """This version while it is offered, else the one that took its place under its name, if one did."""
        if self.is_active:
            return self
        return ModelVersion.objects.filter(name=self.name, is_active=True).first() or self

    def request(
        self,
        prompt: str,
        *,
        negative_prompt: str = "",
        size: tuple[int, int] | None = None,
        steps: int | None = None,
        guidance: float | None = None,
    ) -> PictureRequest:
        """A request to this model, in which what is None is as the model has it by default.

        size: width and height in pixels. What may be asked for is checked by `generation.pictures.submit`.
        """
        width, height = size or self.size_for(1.0)
        return PictureRequest(
            prompt=prompt,
            negative_prompt=negative_prompt,
            width=width,
            height=height,
            steps=self.steps_default if steps is None else steps,
            guidance=self.guidance_default if guidance is None else guidance,
        )

    def size_for(self, aspect: float) -> tuple[int, int]:
        """Width and height in pixels for `aspect` = width / height, near the default area, on the model's
        grid.
        """
        side, grid = self.size_default, self.size_multiple
        width, height = side * aspect**0.5, side / aspect**0.5

        def snapped(length: float) -> int:
            return max(self.size_min, min(self.size_max, round(length / grid) * grid))

        return snapped(width), snapped(height)
