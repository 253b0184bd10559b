import django.db.models.deletion
import overstap.basis.rls
import overstap.basis.sleutels
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_zonder_index_op_regio'),
        ('statuses', '0010_naar_mbo'),
        ('vva_berichten', '0002_delivery_by_push'),
    ]

    operations = [
        migrations.AddField(
            model_name='mboganger',
            name='in_bulk_elders',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='GelijkVolgnummer',
            fields=[
                ('id', models.UUIDField(default=overstap.basis.sleutels.nieuwe_sleutel, editable=False, primary_key=True, serialize=False)),
                ('overstapjaar', models.SmallIntegerField()),
                ('pgn_soort', models.CharField(max_length=3)),
                ('pgn_index', models.BinaryField(max_length=32)),
                ('mbo_code', models.CharField(max_length=6)),
                ('aanmeld_id', models.CharField(max_length=36)),
                ('volgnummer', models.IntegerField()),
                ('status', models.CharField(max_length=32)),
                ('status_datum', models.DateField()),
                ('regio', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='accounts.regio')),
            ],
            options={
                'verbose_name': 'gelijk volgnummer',
                'verbose_name_plural': 'gelijke volgnummers',
                'constraints': [models.UniqueConstraint(fields=('regio', 'overstapjaar', 'mbo_code', 'aanmeld_id'), name='gelijkvolgnummer_uniek'), overstap.basis.rls.RegioBeleid(name='gelijkvolgnummer_rls', soort='regio')],
            },
        ),
        migrations.CreateModel(
            name='GeweigerdeMelding',
            fields=[
                ('id', models.UUIDField(default=overstap.basis.sleutels.nieuwe_sleutel, editable=False, primary_key=True, serialize=False)),
                ('overstapjaar', models.SmallIntegerField()),
                ('brin', models.CharField(max_length=4)),
                ('vestiging', models.CharField(blank=True, default='', max_length=6)),
                ('sleutel', models.BinaryField(max_length=32)),
                ('code', models.CharField(max_length=4)),
                ('ontvangen_op', models.DateTimeField()),
                ('overstap', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='statuses.overstap')),
                ('regio', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='accounts.regio')),
            ],
            options={
                'verbose_name': 'geweigerde melding',
                'verbose_name_plural': 'geweigerde meldingen',
                'indexes': [models.Index(fields=['overstap'], name='geweigerdemelding_overstap_idx'), models.Index(fields=['regio', 'overstapjaar', 'brin'], name='geweigerdemelding_school_idx')],
                'constraints': [models.UniqueConstraint(fields=('regio', 'sleutel'), name='geweigerdemelding_uniek'), overstap.basis.rls.SamengesteldeSleutel(bij_verwijderen='CASCADE', kolom='overstap_id', naar='statuses_overstap', name='geweigerdemelding_overstap_fk'), overstap.basis.rls.RegioBeleid(name='geweigerdemelding_rls', soort='regio')],
            },
        ),
    ]
